// The first view: what came of the build, and where its time went.

const ENDS = {
  succeeded: ["good", "✓ succeeded"],
  failed: ["bad", "✕ failed"],
  interrupted: ["open", "… interrupted"],
  refused: ["bad", "✕ refused"],
  broken: ["bad", "✕ broke off"],
};

function headline() {
  const [kind, text] = ENDS[build.end];
  return [
    el("p.where", {}, `athanor report · ${build.workspace}`),
    el("h1", {}, el(`span.result.${kind}`, {}, text), el("code", {}, `athanor ${build.command}`)),
  ];
}

function overview(section) {
  const began = new Date(build.beganMs);
  replace(section,
    el("p.when", {}, `Began ${began.toISOString().replace("T", " ").slice(0, 19)} UTC`,
      ` · build ${build.id}`,
      build.configuration ? ` · ${build.configuration.replace(/ \{\}$/, "")}` : "",
      build.sandbox ? ` · sandbox ${build.sandbox}` : ""),
    ...failures(),
    tiles(),
    stateBar(),
    actions.count > 0 && ran.length === 0 && build.end === "succeeded"
      ? el("p.empty", {}, counts[CACHED] + counts[REMOTE] > 0
        ? "Nothing had to run: every result was known or in a cache. The graph shows them."
        : "Everything was up to date: nothing had to run. The graph shows what was built.") : null,
    el("div.columns", {}, criticalList(), el("div", {}, slowest(), byMnemonic())),
    notices());
}

function failures() {
  const failed = Object.entries(data.failures ?? {});
  const parts = [];
  if (build.message) {
    parts.push(el("section.failures", {}, el("h2", {}, "The build did not come to its end"), el("pre.failure", {}, build.message)));
  }
  if (failed.length > 0) {
    parts.push(el("section.failures", {}, el("h2", {}, `${many(counts[FAILED], "action")} failed`),
      listed(failed, ([i, text]) => el("details", {open: failed.length < 4},
        el("summary", {}, `✕ ${actions.label(Number(i))}`), el("pre.failure", {}, text), actionLink(Number(i), "details")), 10)));
  }
  return parts;
}

function tile(name, value, ...notes) {
  return el("div.tile", {}, el("div.name", {}, name), el("div.value", {}, value), ...notes.filter(note => note).map(note => el("div.note", {}, note)));
}

function tiles() {
  const hits = counts[CACHED] + counts[REMOTE];
  const misses = counts[EXECUTED] + counts[FAILED];
  const span = executionEnd - build.executing;
  const spared = Array.from(actions.state).reduce(
    (sum, state, i) => sum + (state <= REMOTE ? actions.took[i] : 0), 0) / build.unitMs;
  return el("div.tiles", {},
    tile("wall time", time(build.wall), `${time(build.executing)} to load and plan`),
    tile("actions", number(actions.count), `${number(misses)} ran, ${number(hits)} cached`),
    tile("cache hits", hits + misses === 0 ? "–" : percent(hits, hits + misses),
      hits + misses === 0 ? "nothing had to be looked up" : `${number(hits)} of ${number(hits + misses)} looked up`,
      counts[REMOTE] > 0 ? `${number(counts[REMOTE])} remote, ${bytes(build.remote.downloadedBytes)} came` : null),
    tile("work spared", spared === 0 ? "–" : time(spared), "by caches and what was up to date"),
    tile("parallelism", span === 0 || work === 0 ? "–" : (work / span).toFixed(2),
      `${many(lanes.length, "lane")} used, ${build.jobs} allowed`),
    tile("critical path", criticalTime === 0 ? "–" : time(criticalTime),
      criticalTime === 0 ? "nothing ran" : `${percent(criticalTime, build.wall)} of the wall time`,
      data.critical?.length ? `${many(data.critical.length, "action")} long` : null));
}

function stateBar() {
  if (actions.count === 0) {
    return null;
  }
  const shown = STATE_ORDER.filter(state => counts[state] > 0);
  return el("div.states", {},
    el("div.bar", {role: "img", "aria-label": shown.map(state => `${counts[state]} ${STATES[state].name}`).join(", ")},
      shown.map(state => el(`span.fill.${STATES[state].id}`, {style: {flexGrow: counts[state]}, title: `${counts[state]} ${STATES[state].name}`}))),
    el("p.badges", {}, shown.map(state =>
      el("button.filter", {type: "button", onclick: () => page.go("actions", STATES[state].id)}, badge(state, `${number(counts[state])} ${STATES[state].name}`)))));
}

/** A row with a bar that starts and ends where the time does. */
function barRow(label, from, to, whole, state, text) {
  return el("div.row", {}, el("div.label", {}, label),
    el("div.track", {}, el(`span.fill.${state}`, {style: {left: `${100 * from / whole}%`, width: `max(2px, ${100 * (to - from) / whole}%)`}})),
    el("div.amount", {}, text));
}

function criticalList() {
  const path = data.critical ?? [];
  if (path.length === 0) {
    return el("section.card", {}, el("h2", {}, "Critical path"),
      el("p.empty", {}, actions.count === 0 ? "Nothing was planned." : "Nothing ran, so nothing was waited for."));
  }
  const from = build.executing;
  const whole = Math.max(1, build.wall - from);
  return el("section.card", {}, el("h2", {}, "Critical path"),
    el("p.quiet", {}, `The chain that the end waited for: the build cannot be faster than its ${time(criticalTime)}, whatever runs beside it.`),
    listed(path, i => barRow(actionLink(i), actions.start[i] - from, actions.end[i] - from, whole, STATES[actions.state[i]].id, time(actions.duration(i))), 30));
}

function slowest() {
  const longest = [...ran].sort((a, b) => actions.duration(b) - actions.duration(a)).slice(0, 12);
  if (longest.length === 0) {
    return null;
  }
  const most = Math.max(1, actions.duration(longest[0]));
  return el("section.card", {}, el("h2", {}, "Slowest actions"),
    longest.map(i => barRow(actionLink(i), 0, actions.duration(i), most, STATES[actions.state[i]].id, time(actions.duration(i)))));
}

function byMnemonic() {
  const sums = new Map();
  for (const i of ran) {
    const sum = sums.get(actions.mnemonic(i)) ?? {time: 0, count: 0};
    sum.time += actions.duration(i);
    sum.count++;
    sums.set(actions.mnemonic(i), sum);
  }
  if (sums.size === 0) {
    return null;
  }
  const sorted = [...sums].sort((a, b) => b[1].time - a[1].time);
  return el("section.card", {}, el("h2", {}, "Time by kind of work"),
    sorted.slice(0, 12).map(([name, sum]) =>
      barRow(`${name} × ${number(sum.count)}`, 0, sum.time, Math.max(1, sorted[0][1].time), "executed", `${time(sum.time)}, ${percent(sum.time, work)}`)));
}

function notices() {
  return build.notices.length === 0 ? null : el("section.card", {}, el("h2", {}, "What else was said"),
    el("ul", {}, build.notices.map(notice => el("li", {}, notice))));
}
