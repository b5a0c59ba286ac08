// The graph of actions. Nodes are actions, or groups of them: targets, packages; what stands left is needed by what
// stands right of it.

const graph = (() => {
  /** So many nodes at once are no picture any more: coarser groups are shown at first. */
  const FEW = 90;
  const MAX_EDGES = 5000;

  /** From here on, labels can be read. */
  const LEGIBLE = 0.62;

  let surface;
  let holder;
  let mode = "";
  let shown = null;
  let busyOnly = false;
  let up = 2;
  let down = 2;
  let scale = 1;
  let offsetX = 0;
  let offsetY = 0;
  let hovered = -1;
  let chosen = -1;
  let isFitted = true;
  let isWhole = false;

  const isBusy = i => actions.state[i] !== UP_TO_DATE && actions.state[i] !== UNCHANGED;
  const isShown = i => !busyOnly || isBusy(i);
  const everything = () => Array.from({length: actions.count}, (_, i) => i).filter(isShown);

  const LEVELS = {
    packages: () => grouped(everything(), packageOf, "packages"),
    targets: () => grouped(everything(), i => `${actions.owner(i)} ${actions.platform(i)}`.trim(), "targets"),
    actions: () => grouped(everything(), i => i, "actions"),
  };

  /** The finest level that is still a picture. */
  function defaultLevel() {
    const members = everything();
    if (members.length <= FEW) {
      return "actions";
    }
    return new Set(members.map(actions.owner)).size <= FEW ? "targets" : "packages";
  }

  function make(next) {
    mode = next;
    hovered = -1;
    const [kind, what] = [next.split(":")[0], next.slice(next.indexOf(":") + 1)];
    shown = kind === "around" ? around(Number(what), down, up, isShown) : kind === "in" ? inside(what, isShown) : LEVELS[kind]();
    chosen = shown.nodes.findIndex(node => node.action >= 0 && node.action === details.action);
    isWhole = false;
    fit();
    tools();
  }

  function fit() {
    isFitted = true;
    if (!shown || !surface.frame.clientWidth) {
      return;
    }
    const {clientWidth: width, clientHeight: height} = surface.frame;
    scale = Math.min(1.25, (width - 60) / shown.width, (height - 60) / shown.height);
    offsetX = (width - shown.width * scale) / 2;
    offsetY = (height - shown.height * scale) / 2;
    if (!isWhole && shown.nodes.length <= FEW * 2 && scale < LEGIBLE) {
      // Rather a part that can be read: the end of the critical path, or whatever comes last.
      const last = shown.nodes.findLastIndex(node => node.critical);
      const n = chosen >= 0 ? chosen : last >= 0 ? last : shown.nodes.length - 1;
      scale = LEGIBLE;
      offsetX = Math.min(40, Math.max(width - 40 - shown.width * scale, width / 2 - shown.x[n] * scale));
      offsetY = shown.height * scale < height - 60 ? (height - shown.height * scale) / 2
        : Math.min(40, Math.max(height - 60 - shown.height * scale, height / 2 - shown.y[n] * scale));
    }
  }

  function zoom(factor, px, py) {
    const next = Math.min(4, Math.max(0.004, scale * factor));
    offsetX = px - (px - offsetX) * next / scale;
    offsetY = py - (py - offsetY) * next / scale;
    scale = next;
    isFitted = false;
    surface.redraw();
  }

  function draw(context, width, height) {
    if (isFitted) {
      fit();
    }
    const colours = theme();
    const seen = [];
    const left = -offsetX / scale - NODE.width;
    const upper = -offsetY / scale - NODE.height;
    const right = (width - offsetX) / scale;
    const lower = (height - offsetY) / scale;
    shown.nodes.forEach((_, node) => {
      if (shown.x[node] > left && shown.x[node] < right && shown.y[node] > upper && shown.y[node] < lower) {
        seen.push(node);
      }
    });
    context.save();
    context.translate(offsetX, offsetY);
    context.scale(scale, scale);
    drawEdges(context, seen, colours);
    seen.forEach(node => drawNode(context, node, colours));
    context.restore();
  }

  function curve(context, on, user) {
    const fromX = shown.x[on] + NODE.width;
    const fromY = shown.y[on] + NODE.height / 2;
    const toX = shown.x[user];
    const toY = shown.y[user] + NODE.height / 2;
    const bend = Math.max(24, Math.abs(toX - fromX) / 2);
    context.moveTo(fromX, fromY);
    if (scale < 0.15) {
      context.lineTo(toX, toY);
    } else {
      context.bezierCurveTo(fromX + bend, fromY, toX - bend, toY, toX, toY);
    }
  }

  /** The edges of what is in sight: all when they are few, else those that tell something. */
  function drawEdges(context, seen, colours) {
    let count = 0;
    seen.forEach(node => {
      count += shown.dependencies.count(node);
    });
    if (count <= MAX_EDGES) {
      context.strokeStyle = colours.quiet;
      context.globalAlpha = Math.max(0.06, Math.min(0.5, 6 / Math.sqrt(count + 1)));
      context.lineWidth = 1 / Math.min(1, Math.max(scale, 0.2));
      context.beginPath();
      const inSight = new Set(seen);
      for (const node of seen) {
        shown.dependencies.of(node).forEach(on => curve(context, on, node));
        shown.users.of(node).forEach(user => inSight.has(user) || curve(context, node, user));
      }
      context.stroke();
      context.globalAlpha = 1;
    }
    context.strokeStyle = colours.critical;
    context.lineWidth = 2.5 / Math.min(1, scale);
    context.beginPath();
    shown.nodes.forEach((node, n) => {
      if (node.critical) {
        const start = shown.dependencies.start[n];
        shown.dependencies.of(n).forEach((on, e) => shown.criticalEdges[start + e] && curve(context, on, n));
      }
    });
    context.stroke();
    const focus = hovered >= 0 ? hovered : chosen;
    if (focus >= 0) {
      context.strokeStyle = colours.accent;
      context.lineWidth = 2 / Math.min(1, scale);
      context.beginPath();
      shown.dependencies.of(focus).forEach(on => curve(context, on, focus));
      shown.users.of(focus).forEach(user => curve(context, focus, user));
      context.stroke();
    }
  }

  function isMatch(node) {
    return matches === null || node.members.some(i => matches[i]);
  }

  function drawNode(context, n, colours) {
    const node = shown.nodes[n];
    const [x, y, w, h] = [shown.x[n], shown.y[n], NODE.width, NODE.height];
    context.globalAlpha = isMatch(node) ? 1 : 0.2;
    if (scale < 0.25) {
      context.fillStyle = colours.fill[node.state];
      context.fillRect(x, y, w, h);
    } else {
      context.fillStyle = colours.card;
      context.strokeStyle = colours.line;
      context.lineWidth = 1;
      context.beginPath();
      context.roundRect(x, y, w, h, 5);
      context.fill();
      context.stroke();
      context.save();
      context.clip();
      drawStates(context, node, x, y, colours);
      context.restore();
      drawText(context, node, x, y, colours);
    }
    if (node.critical || n === chosen || n === hovered) {
      context.strokeStyle = n === chosen || n === hovered ? colours.accent : colours.critical;
      context.lineWidth = 2.5 / Math.min(1, scale * 1.5);
      context.beginPath();
      context.roundRect(x, y, w, h, 5);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  /** A stripe: what became of the action, or of how many of the group. */
  function drawStates(context, node, x, y, colours) {
    let at = y;
    for (const state of STATE_ORDER) {
      const part = node.states[state] / node.members.length * NODE.height;
      context.fillStyle = colours.fill[state];
      context.fillRect(x, at, 8, part);
      at += part;
    }
  }

  const isAction = node => typeof node.name === "number";

  function nodeTitle(node) {
    return isAction(node) ? actions.owner(node.action) : String(node.name);
  }

  function nodeNote(node) {
    const parts = isAction(node) ? [actions.mnemonic(node.action)] : [];
    if (node.members.length > 1) {
      parts.push(`${number(node.members.length)} actions`);
    }
    if (node.members.length > 1) {
      const busy = STATE_ORDER.filter(state => node.states[state] > 0 && state !== UP_TO_DATE).slice(0, 3);
      parts.push(...busy.map(state => `${STATES[state].sign} ${node.states[state]}`));
    } else {
      parts.push(`${STATES[node.state].sign} ${node.time > 0 ? time(node.time) : STATES[node.state].short ?? STATES[node.state].name}`);
    }
    if (node.members.length > 1 && node.time > 0) {
      parts.push(time(node.time));
    }
    return parts.join(" · ");
  }

  function drawText(context, node, x, y, colours) {
    context.textBaseline = "middle";
    context.textAlign = "left";
    context.fillStyle = colours.text;
    const size = Math.max(13, 9.5 / scale);
    if (size > NODE.height - 6) {
      return;
    }
    context.font = `${size}px ${FONT}`;
    const star = node.critical ? "★ " : "";
    const room = NODE.width - 18 - context.measureText(star).width;
    context.fillText(star + fittedEnd(context, nodeTitle(node), room), x + 13, scale > 0.55 ? y + 13 : y + NODE.height / 2);
    if (scale > 0.55) {
      context.fillStyle = colours.quiet;
      context.font = `11px ${FONT}`;
      context.fillText(fitted(context, nodeNote(node), NODE.width - 18), x + 13, y + 28);
    }
  }

  function nodeAt(px, py) {
    const x = (px - offsetX) / scale;
    const y = (py - offsetY) / scale;
    const slack = scale < 0.25 ? 2 / scale : 0;
    return shown.nodes.findIndex((_, node) =>
      x >= shown.x[node] - slack && x <= shown.x[node] + NODE.width + slack && y >= shown.y[node] - slack && y <= shown.y[node] + NODE.height + slack);
  }

  function choose(n) {
    chosen = Math.min(n, shown.nodes.length - 1);
    if (chosen >= 0) {
      const node = shown.nodes[chosen];
      if (node.action >= 0) {
        details.select(node.action);
      } else {
        groupDetails(node);
      }
    }
    surface.redraw();
  }

  function groupDetails(node) {
    const name = String(node.name).split(" ")[0];
    const sorted = [...node.members].sort((a, b) =>
      STATE_ORDER.indexOf(actions.state[a]) - STATE_ORDER.indexOf(actions.state[b]) || actions.duration(b) - actions.duration(a));
    details.action = -1;
    details.show(
      el("h2", {}, String(node.name)),
      el("p.badges", {}, STATE_ORDER.filter(state => node.states[state] > 0).map(state => badge(state, `${number(node.states[state])} ${STATES[state].name}`))),
      el("p.ways", {}, el("button", {type: "button", onclick: () => page.go("graph", `in:${name}`)}, "Look inside")),
      facts(["actions", number(node.members.length)], ["time", time(node.time)]),
      el("h3", {}, "Actions"), listed(sorted, i => actionLink(i)));
  }

  /** Follows the arrows of the keyboard from node to node. */
  function keys(event) {
    const step = (lists, n) => n < 0 ? 0 : lists.of(n)[0] ?? n;
    const moves = {
      ArrowLeft: () => choose(step(shown.dependencies, chosen)), ArrowRight: () => choose(step(shown.users, chosen)),
      ArrowDown: () => choose(Math.min(shown.nodes.length - 1, chosen + 1)), ArrowUp: () => choose(Math.max(0, chosen - 1)),
      Enter: () => open(chosen), "+": () => zoom(1.3, surface.width / 2, surface.height / 2),
      "-": () => zoom(1 / 1.3, surface.width / 2, surface.height / 2), 0: () => {
        isWhole = true;
        fit();
      },
    };
    if (moves[event.key] && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      moves[event.key]();
      if (event.key.startsWith("Arrow")) {
        bring(chosen);
      }
      surface.redraw();
    }
  }

  function bring(n) {
    if (n < 0) {
      return;
    }
    const x = shown.x[n] * scale + offsetX;
    const y = shown.y[n] * scale + offsetY;
    if (scale < 0.5 || x < 0 || y < 0 || x + NODE.width * scale > surface.frame.clientWidth || y + NODE.height * scale > surface.frame.clientHeight) {
      isFitted = false;
      scale = Math.max(scale, 0.7);
      offsetX = surface.frame.clientWidth / 2 - (shown.x[n] + NODE.width / 2) * scale;
      offsetY = surface.frame.clientHeight / 2 - (shown.y[n] + NODE.height / 2) * scale;
    }
  }

  function open(n) {
    const node = shown.nodes[n];
    if (node) {
      page.go("graph", node.action >= 0 ? `around:${node.action}` : `in:${String(node.name).split(" ")[0]}`, node.action);
    }
  }

  function tools() {
    const kind = mode.split(":")[0];
    const level = (name, text, count) => el("button", {type: "button", "aria-pressed": String(kind === name), onclick: () => page.go("graph", name)}, `${text} (${number(count)})`);
    const steps = (value, change) => el("input", {type: "number", min: 0, max: 9, value, onchange: event => change(Math.max(0, Math.min(9, Number(event.target.value) || 0)))});
    const again = () => {
      make(mode);
      surface.drawNow();
    };
    replace(holder,
      level("packages", "Packages", packageCount), level("targets", "Targets", targetCount), level("actions", "Actions", actions.count),
      kind === "around" ? el("label", {}, "steps to what it needs ", steps(down, value => {
        down = value;
        again();
      })) : null,
      kind === "around" ? el("label", {}, "to what needs it ", steps(up, value => {
        up = value;
        again();
      })) : null,
      kind === "in" ? el("span.quiet", {}, "inside ", el("code", {}, mode.slice(3))) : null,
      el("label", {}, el("input", {type: "checkbox", checked: busyOnly, onchange: event => {
        busyOnly = event.target.checked;
        again();
      }}), " only what was not up to date"),
      el("span.quiet", {}, `${number(shown.nodes.length)} ${shown.title}`),
      el("span.space"),
      el("button", {type: "button", onclick: () => {
        isWhole = true;
        fit();
        surface.redraw();
      }}, "Fit all"),
      el("span.quiet.hint", {}, "double-click opens"));
  }

  const packageCount = new Set(Array.from({length: actions.count}, (_, i) => packageOf(i))).size;
  const targetCount = new Set(Array.from({length: actions.count}, (_, i) => `${actions.owner(i)} ${actions.platform(i)}`)).size;

  return {
    render(section) {
      if (actions.count === 0) {
        section.append(el("p.empty", {}, "There is no graph: the build did not come as far as a plan, or needs no action."));
        return;
      }
      surface = new Surface("Graph of actions; arrow keys follow it, Enter opens", (context, width, height) => draw(context, width, height));
      holder = el("div.tools");
      const legend = el("div.legend.corner", {}, STATE_ORDER.filter(state => counts[state] > 0).map(state => badge(state)),
        data.critical?.length ? el("span", {}, el("i.line"), "★ critical path") : null);
      surface.frame.append(legend);
      section.append(holder, surface.frame);
      surface.canvas.addEventListener("wheel", event => {
        event.preventDefault();
        zoom(Math.exp(-event.deltaY * 0.0016), ...surface.at(event));
      }, {passive: false});
      surface.canvas.addEventListener("dblclick", event => open(nodeAt(...surface.at(event))));
      surface.canvas.addEventListener("keydown", keys);
      surface.onPointer({
        pan(dx, dy) {
          isFitted = false;
          offsetX += dx;
          offsetY += dy;
        },
        click: (px, py) => choose(nodeAt(px, py)),
        hover(px, py, event) {
          const n = nodeAt(px, py);
          if (n !== hovered) {
            hovered = n;
            surface.redraw();
          }
          if (n < 0) {
            tip.hide();
          } else if (shown.nodes[n].action >= 0) {
            actionTip(event, shown.nodes[n].action);
          } else {
            tip.show(event, el("strong", {}, String(shown.nodes[n].name)), el("div", {}, nodeNote(shown.nodes[n])));
          }
        },
        leave() {
          hovered = -1;
          tip.hide();
          surface.redraw();
        },
      });
    },
    show(argument, action) {
      if (!surface) {
        return;
      }
      const kind = argument.split(":")[0];
      const known = kind in LEVELS || (kind === "around" && actions.label(Number(argument.slice(7))) !== undefined && Number(argument.slice(7)) < actions.count) || kind === "in";
      const next = known ? argument : mode || defaultLevel();
      if (next !== mode) {
        make(next);
      }
      chosen = action >= 0 ? shown.nodes.findIndex(node => node.members.includes(action)) : chosen;
      if (action >= 0 && kind !== "around") {
        bring(chosen);
      }
      surface.drawNow();
    },
    refresh() {
      if (surface && shown) {
        chosen = details.action >= 0 ? shown.nodes.findIndex(node => node.members.includes(details.action)) : chosen;
        surface.redraw();
      }
    },
  };
})();
