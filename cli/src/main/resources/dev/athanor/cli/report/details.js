// The panel beside a view: all there is to know of one action, or of a group of them.

const details = {
  element: document.getElementById("details"),
  action: -1,

  /** Shows an action, everywhere. */
  select(i) {
    this.action = i;
    this.show(actionDetails(i));
    page.selected();
  },

  show(...content) {
    replace(
      this.element,
      el("button.close", {type: "button", "aria-label": "Close", onclick: () => this.close()}, "×"),
      ...content);
    this.element.hidden = false;
    this.element.scrollTop = 0;
    document.body.classList.add("detailed");
  },

  close() {
    this.action = -1;
    this.element.hidden = true;
    document.body.classList.remove("detailed");
    page.selected();
  },
};

/** The sign and name of a state. */
function badge(state, text = STATES[state].name) {
  return el(`span.badge.${STATES[state].id}`, {title: STATES[state].note}, `${STATES[state].sign} ${text}`);
}

/** A way to an action's details. */
function actionLink(i, text = actions.label(i)) {
  return el(
    "button.link", {type: "button", title: fullLabel(i), onclick: () => details.select(i)},
    el(`span.sign.${STATES[actions.state[i]].id}`, {"aria-label": STATES[actions.state[i]].name}, STATES[actions.state[i]].sign),
    ` ${text}`);
}

function facts(...pairs) {
  return el("dl", {}, pairs.filter(pair => pair !== null)
    .flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

function fold(title, open, ...content) {
  return el("details", {open}, el("summary", {}, title), ...content);
}

function actionDetails(i) {
  const failure = data.failures?.[i];
  const command = data.commands?.[i];
  return [
    el("h2", {}, actions.label(i)),
    el("p.badges", {}, badge(actions.state[i]), actions.isCritical[i] ? el("span.badge.critical", {}, "★ critical path") : null,
      actions.isSame.has(i) ? el("span.badge.same", {title: "the wave of changes stopped here"}, "■ output did not change") : null),
    failure ? el("pre.failure", {}, failure) : null,
    el("p.ways", {},
      actions.ran(i) ? el("button", {type: "button", onclick: () => page.go("timeline", "", i)}, "In the timeline") : null,
      el("button", {type: "button", onclick: () => page.go("graph", `around:${i}`, i)}, "Around it in the graph")),
    timing(i),
    fold("Why", true, whyList(i)),
    command ? fold("Command", actions.state[i] === FAILED, el("pre", {}, command)) : null,
    stepsOf(i),
    outputsOf(i),
    inputsOf(i),
    neighbours("Depends on", actions.dependencies.of(i), actions.dependencyCount[i]),
    neighbours("Needed by", actions.users.of(i), actions.users.count(i)),
    fold("Key", false, el("p.key", {}, actions.key(i) || "It has none: there is no result that counts.")),
  ];
}

function timing(i) {
  if (!actions.ran(i)) {
    const took = actions.took[i];
    return facts(
      ["state", STATES[actions.state[i]].note],
      took > 0 ? ["last ran for", time(took / build.unitMs)] : null);
  }
  return facts(
    ["took", time(actions.duration(i))],
    ["started", `${time(actions.start[i])} after the command`],
    ["waited for its turn", time(waited(i))],
    actions.memory[i] > 0 ? ["memory", bytes(actions.memory[i] * 2 ** 20)] : null,
    data.retried[i] ? ["attempts", `${data.retried[i]}: it is flaky`] : null);
}

function whyList(i) {
  const causes = actions.causes(i);
  if (causes.length > 0) {
    return el("ul.causes", {}, causes.map(cause => el("li", {}, causeText(cause))));
  }
  const why = {
    [UP_TO_DATE]: "Nothing that it depends on has changed.",
    [UNCHANGED]: "It was looked at, and its key is what it was.",
    [SKIPPED]: "Something that it depends on failed, or the build was stopped.",
  };
  return el("p", {}, why[actions.state[i]]
    ?? (build.since ? "Nothing is known of it." : "There is no build before this one to compare with."));
}

const CHANGES = {added: "was added", removed: "was removed", changed: "changed", unknown: "may have changed"};

/** One cause, in words and links. */
function causeText(cause) {
  switch (cause[0]) {
    case "source": return ["source ", el("code", {}, cause[1]), ` ${CHANGES[cause[2]]}`];
    case "input": return ["input ", el("code", {}, cause[1]), ` ${CHANGES[cause[2]]}`,
      cause[3] >= 0 ? [", made by ", actionLink(cause[3])] : ""].flat();
    case "part": return [`${cause[1]} ${cause[2]} changed`.replace("  ", " "),
      el("div.change", {}, el("del", {}, cause[3] || "(nothing)"), el("ins", {}, cause[4] || "(nothing)"))];
    case "declaration": return [
      ...cause[1].flatMap((file, n) => [n > 0 ? ", " : "because ", el("code", {}, file)]), cause[1].length > 0 ? " changed" : "",
      ...cause[2].map(flag => ` because of flags: ${flag}`),
      cause[1].length + cause[2].length === 0 ? "by what the rule or the host says now" : ""];
    case "new": return ["it was not there before"];
    case "unfinished": return ["it had failed, or was not brought to its end"];
    case "lost": return ["its key is the same, but its result was not in the cache any more"];
    case "uncacheable": return ["it runs in every build"];
    default: return [`and ${number(cause[1])} more`];
  }
}

function stepsOf(i) {
  const steps = (data.steps ?? []).filter(step => step[0] === i);
  return steps.length === 0 ? null : fold("What it said", false, el("ul.plain", {},
    steps.map(step => el("li", {}, `${time(step[1] - actions.start[i])}: ${step[2]}`))));
}

function outputsOf(i) {
  const outputs = Array.from({length: actions.firstOutput[i + 1] - actions.firstOutput[i]}, (_, n) => actions.firstOutput[i] + n);
  const kinds = {"-1": "directory", "-2": "symlink", "-3": "not made"};
  return fold(many(outputs.length, "output"), outputs.length < 4, listed(outputs, output => {
    const size = actions.outputs.size[output];
    const digest = actions.digest(output);
    return el("div", {}, el("code", {}, actions.outputs.path[output]),
      el("div.quiet", {}, size >= 0 ? bytes(size) : kinds[size], digest ? ` · sha256:${digest}…` : ""));
  }));
}

function inputsOf(i) {
  const inputs = Array.from(actions.inputs.of(i));
  const left = actions.inputCount[i] - inputs.length;
  return fold(many(actions.inputCount[i], "input"), actions.inputCount[i] < 4, listed(inputs, reference =>
    reference % 2 === 1
      ? el("div", {}, el("code", {}, actions.outputs.path[reference >> 1]), el("div.quiet", {}, actionLink(producer(reference >> 1))))
      : el("div", {}, el("code", {}, data.sources[reference >> 1]), el("div.quiet", {}, "source"))),
    left > 0 ? el("p.quiet", {}, `${number(left)} more are not in this page.`) : null);
}

function neighbours(title, list, count) {
  return fold(`${title} ${many(count, "action")}`, count > 0 && count < 6, listed(Array.from(list), i => actionLink(i)),
    list.length < count ? el("p.quiet", {}, `${number(count - list.length)} more are not in this page.`) : null);
}
