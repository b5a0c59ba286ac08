// What changed since the build before, and what ran because of it: trees from causes to effects.

const causes = (() => {
  /** Titles of the kinds of roots, in the order in which they are shown. */
  const KINDS = {
    source: ["Sources that changed", "source"],
    declaration: ["Rules and flags that changed", "change of a rule or flag"],
    unfinished: ["Failed or unfinished before", "reason"],
    lost: ["Lost from the cache", "reason"],
    uncacheable: ["Run in every build", "reason"],
    new: ["New", "reason"],
  };

  /** The roots by their keys: what it is, and the actions that it is a cause of itself. */
  const roots = new Map();

  /** By action: the actions that ran because of what it made. */
  const effects = new Map();

  /** By action: where in the trees it is told in full. */
  const home = new Map();

  const parts = new Map();

  function root(kind, key, title) {
    const name = `${kind} ${key}`;
    if (!roots.has(name)) {
      roots.set(name, {kind, title, actions: []});
    }
    return roots.get(name);
  }

  function add(action, cause) {
    switch (cause[0]) {
      case "source":
        root("source", `${cause[2]} ${cause[1]}`, ["source ", el("code", {}, cause[1]), ` ${CHANGES[cause[2]]}`]).actions.push(action);
        break;
      case "input":
        if (cause[3] >= 0) {
          const list = effects.get(cause[3]) ?? [];
          list.push(action);
          effects.set(cause[3], list);
        }
        break;
      case "part":
        parts.set(action, [...(parts.get(action) ?? []), cause]);
        break;
      case "declaration":
        declaration(action, cause);
        break;
      case "more":
        break;
      default:
        root(cause[0], "", causeText(cause)).actions.push(action);
    }
  }

  function declaration(action, cause) {
    const [, files, flags] = cause;
    for (const file of files) {
      root("declaration", file, [el("code", {}, file), " changed"]).actions.push(action);
    }
    for (const flag of flags) {
      root("declaration", flag, [`flags: ${flag}`]).actions.push(action);
    }
    if (files.length + flags.length === 0) {
      const what = [...new Set((parts.get(action) ?? []).map(part => part[1]))].join(", ");
      root("declaration", what, [`${what || "something"} changed, by what the rule or the host says now`]).actions.push(action);
    }
  }

  function collect() {
    for (const action of Object.keys(data.causes ?? {}).map(Number)) {
      actions.causes(action).forEach(cause => add(action, cause));
    }
    let edge = [];
    for (const [name, each] of roots) {
      each.actions.forEach(i => {
        if (!home.has(i)) {
          home.set(i, name);
          edge.push(i);
        }
      });
    }
    while (edge.length > 0) {
      const next = [];
      for (const i of edge) {
        for (const effect of effects.get(i) ?? []) {
          if (!home.has(effect)) {
            home.set(effect, i);
            next.push(effect);
          }
        }
      }
      edge = next;
    }
  }

  /** How many actions, and how much time, are told of below a root or an action. */
  function reach(list, at) {
    let count = 0;
    let took = 0;
    let stack = list.filter(i => home.get(i) === at);
    while (stack.length > 0) {
      const i = stack.pop();
      count++;
      took += actions.duration(i);
      (effects.get(i) ?? []).forEach(effect => home.get(effect) === i && stack.push(effect));
    }
    return [count, took];
  }

  function node(i, at) {
    const below = [...new Set(effects.get(i) ?? [])];
    const line = [actionLink(i), el("span.quiet", {}, ` ${STATES[actions.state[i]].name}${actions.ran(i) ? `, ${time(actions.duration(i))}` : ""}`)];
    const change = parts.has(i) ? el("ul.causes", {}, parts.get(i).slice(0, 6).map(part => el("li", {}, causeText(part)))) : null;
    if (below.length === 0) {
      return el("div.effect", {}, ...line, stop(i), change);
    }
    const [count] = reach(below, i);
    const fold = el("details.effect", {open: below.length <= 12 && depth(at) < 3}, el("summary", {}, ...line,
      el("span.quiet", {}, count > 0 ? ` → ${many(count, "more action")}` : "")));
    const fill = () => {
      if (fold.open && fold.childElementCount === 1) {
        fold.append(...[change, ...branch(below, i)].filter(Boolean));
      }
    };
    fold.addEventListener("toggle", fill);
    fill();
    return fold;
  }

  /** The effects of a root or an action: those that are told of here in full, and the others by name. */
  function branch(list, at) {
    const here = byTime(list.filter(i => home.get(i) === at));
    const elsewhere = byTime(list.filter(i => home.get(i) !== at));
    return [
      here.length > 0 ? listed(here, i => node(i, at), 40) : null,
      elsewhere.length > 0 ? el("div.effect.quiet", {}, here.length > 0 ? "and, told of elsewhere: " : "told of elsewhere: ",
        elsewhere.slice(0, 6).flatMap((i, n) => [n > 0 ? ", " : "", actionLink(i)]),
        elsewhere.length > 6 ? ` and ${number(elsewhere.length - 6)} more` : "") : null,
    ].filter(Boolean);
  }

  function depth(at) {
    let steps = 0;
    for (let up = at; typeof up === "number" && steps < 9; up = home.get(up)) {
      steps++;
    }
    return steps;
  }

  function byTime(list) {
    return [...list].sort((a, b) => actions.duration(b) - actions.duration(a) || a - b);
  }

  /** What is at the end of a branch, and why it ends there. */
  function stop(i) {
    const users = actions.users.count(i);
    if (actions.isSame.has(i)) {
      return el("div.stop", {}, "■ output did not change: the wave stopped here",
        users > 0 ? el("span.quiet", {}, ` · ${users === 1 ? "1 action that reads it had" : `${number(users)} actions that read it had`} no reason to run because of it`) : null);
    }
    if (actions.state[i] === FAILED) {
      return el("div.stop.bad", {}, users > 0 ? `✕ failed: ${many(users, "action")} that need it could not run` : "✕ failed");
    }
    return users === 0 && actions.state[i] !== SKIPPED ? el("span.quiet", {}, " · this was asked for") : null;
  }

  function rootElement(name, each) {
    const [count, took] = reach(each.actions, name);
    const own = byTime([...new Set(each.actions)]);
    const fold = el("details.root", {open: roots.size <= 12}, el("summary", {}, ...each.title,
      el("span.quiet", {}, ` → ${many(count, "action")}${took > 0 ? `, ${time(took)} of work` : ""}${count < own.length ? ` and ${own.length - count} told of elsewhere` : ""}`)));
    const fill = () => {
      if (fold.open && fold.childElementCount === 1) {
        fold.append(...branch(own, name));
      }
    };
    fold.addEventListener("toggle", fill);
    fill();
    return fold;
  }

  function summary() {
    const since = build.since;
    const looked = actions.count - counts[UP_TO_DATE];
    const stopped = actions.isSame.size + counts[UNCHANGED];
    return el("div.tiles", {},
      since ? tile("compared with the build of", new Date(since.beganMs).toISOString().slice(11, 19), new Date(since.beganMs).toISOString().slice(0, 10), since.command) : null,
      tile("causes", number(roots.size), [...roots.values()].filter(each => each.kind === "source").length > 0
        ? many([...roots.values()].filter(each => each.kind === "source").length, "source") : null),
      tile("looked at", number(looked), `${number(counts[EXECUTED] + counts[FAILED])} of them ran`),
      tile("the wave stopped", stopped === 0 ? "–" : `${number(stopped)} ×`, `${number(actions.isSame.size)} made the same again`, `${number(counts[UNCHANGED])} had the same key`),
      tile("never looked at", number(counts[UP_TO_DATE]), "nothing that they need has changed"));
  }

  return {
    render(section) {
      const looked = actions.count - counts[UP_TO_DATE];
      if (actions.count === 0) {
        section.append(el("p.empty", {}, "The build did not come as far as a plan, so nothing is known of causes."));
        return;
      }
      if (looked === 0) {
        section.append(el("p.empty", {}, `Nothing changed since the build before: all ${many(actions.count, "action")} are up to date.`));
        return;
      }
      collect();
      if (roots.size > 0) {
        section.append(summary());
      } else {
        section.append(el("p.empty", {}, build.since ? "No action had a reason to run that can be told."
          : build.end === "interrupted" || build.end === "broken"
            ? "The build ended before it was remembered, so it was compared with nothing."
            : "There is no build before this one to compare with: everything was new."));
        return;
      }
      for (const [kind, [title, one]] of Object.entries(KINDS)) {
        const these = [...roots].filter(([, each]) => each.kind === kind)
          .sort((a, b) => reach(b[1].actions, b[0])[1] - reach(a[1].actions, a[0])[1]);
        if (these.length > 0) {
          section.append(el("section.card", {}, el("h2", {}, title, these.length > 1 ? el("span.quiet", {}, ` · ${many(these.length, one)}`) : null),
            listed(these, ([name, each]) => rootElement(name, each), 30)));
        }
      }
    },
    show() {},
    refresh() {},
  };
})();
