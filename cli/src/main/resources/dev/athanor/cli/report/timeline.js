// What ran when: a lane for each action that ran at the same time as others, the critical path, and how busy it was.

const timeline = (() => {
  const AXIS = 26;
  const BUSY = 48;
  const ROW = 24;
  const LABELS = 108;
  const KINDS = topKinds();

  /** The part of the build that is in sight. */
  let from = 0;
  let to = Math.max(1, build.wall);
  let scroll = 0;
  let byKind = false;
  let hovered = -1;
  let surface;

  const hits = Array.from({length: actions.count}, (_, i) => i)
    .filter(i => actions.state[i] === CACHED || actions.state[i] === REMOTE).sort((a, b) => actions.end[a] - actions.end[b]);
  const busy = busyness();
  const rows = [
    {name: "phases"},
    {name: "★ critical path", spans: data.critical ?? []},
    ...(hits.length > 0 ? [{name: "◆ cache hits", hits}] : []),
    ...lanes.map((spans, n) => ({name: `lane ${n + 1}`, spans})),
  ];
  const phases = [
    ["load and plan", 0, build.executing], ["execute", build.executing, executionEnd], ["finish", executionEnd, build.wall],
  ].filter(([, start, end]) => end > start);

  function topKinds() {
    const sums = new Map();
    ran.forEach(i => sums.set(actions.mnemonic(i), (sums.get(actions.mnemonic(i)) ?? 0) + actions.duration(i)));
    return [...sums].sort((a, b) => b[1] - a[1]).map(([name]) => name).slice(0, 7);
  }

  /** When how many actions ran: times, and the number from each on. */
  function busyness() {
    const starts = ran.map(i => actions.start[i]);
    const ends = ran.map(i => actions.end[i]).sort((a, b) => a - b);
    const steps = [];
    for (let s = 0, e = 0; e < ends.length;) {
      const at = s < starts.length && starts[s] <= ends[e] ? starts[s] : ends[e];
      while (s < starts.length && starts[s] <= at) {
        s++;
      }
      while (e < ends.length && ends[e] <= at) {
        e++;
      }
      steps.push([at, s - e]);
    }
    return steps;
  }

  const x = (at, width) => LABELS + (at - from) / (to - from) * (width - LABELS - 12);
  const timeAt = (px, width) => from + (px - LABELS) / (width - LABELS - 12) * (to - from);

  function zoom(factor, around) {
    const whole = Math.max(1, build.wall);
    const span = Math.min(whole, Math.max(5, (to - from) * factor));
    from = Math.max(0, Math.min(whole - span, around - (around - from) / (to - from) * span));
    to = from + span;
    surface.redraw();
  }

  function pan(by) {
    const span = to - from;
    from = Math.max(0, Math.min(Math.max(1, build.wall) - span, from + by));
    to = from + span;
  }

  function scrollBy(by) {
    const most = Math.max(0, rows.length * ROW + AXIS + BUSY + 8 - surface.height);
    scroll = Math.max(0, Math.min(most, scroll + by));
  }

  const top = row => AXIS + BUSY + row * ROW - scroll;

  function draw(context, width, height) {
    const colours = theme();
    context.font = `12px ${FONT}`;
    context.textBaseline = "middle";
    const ticks = ticksFor(width);
    context.fillStyle = colours.line;
    ticks.forEach(at => context.fillRect(Math.round(x(at, width)), AXIS - 5, 1, height));
    context.save();
    context.beginPath();
    context.rect(0, AXIS + BUSY, width, height);
    context.clip();
    rows.forEach((row, n) => {
      if (top(n) + ROW > AXIS + BUSY && top(n) < height) {
        drawRow(context, row, top(n), width, colours);
      }
    });
    context.restore();
    drawBusy(context, width, colours);
    drawAxis(context, ticks, width, colours);
  }

  function drawRow(context, row, y, width, colours) {
    context.fillStyle = colours.line;
    context.fillRect(0, y + ROW - 1, width, 1);
    context.save();
    context.beginPath();
    context.rect(LABELS, y, width - LABELS, ROW);
    context.clip();
    if (row.name === "phases") {
      drawPhases(context, y, width, colours);
    } else if (row.hits) {
      context.fillStyle = colours.fill[CACHED];
      let last = -1;
      for (const i of row.hits) {
        const at = Math.round(x(actions.end[i], width));
        if (at !== last && at >= LABELS && at <= width) {
          context.fillStyle = colours.fill[actions.state[i]];
          context.fillRect(at, y + 5, 2, ROW - 11);
          last = at;
        }
      }
    } else {
      drawSpans(context, row.spans, y, width, colours);
    }
    context.restore();
    context.fillStyle = colours.quiet;
    context.textAlign = "left";
    context.fillText(row.name, 8, y + ROW / 2);
  }

  function drawPhases(context, y, width, colours) {
    phases.forEach(([name, start, end], n) => {
      const left = x(start, width);
      const right = x(end, width);
      context.fillStyle = colours.kinds[n === 1 ? 0 : 7];
      context.globalAlpha = 0.35;
      context.fillRect(left, y + 3, Math.max(1, right - left - 1), ROW - 7);
      context.globalAlpha = 1;
      context.fillStyle = colours.text;
      context.textAlign = "left";
      const text = `${name} ${time(end - start)}`;
      const start0 = Math.max(left, LABELS);
      context.fillText(fitted(context, text, Math.min(right, width) - start0 - 8), start0 + 5, y + ROW / 2);
    });
  }

  /** The first of some spans, which follow each other, that is in sight. */
  function firstInSight(spans) {
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (actions.end[spans[middle]] < from) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  function drawSpans(context, spans, y, width, colours) {
    let painted = -1;
    for (let n = firstInSight(spans); n < spans.length && actions.start[spans[n]] <= to; n++) {
      const i = spans[n];
      const left = x(actions.start[i], width);
      const right = Math.max(left + 1.5, x(actions.end[i], width));
      const marked = i === details.action || i === hovered;
      // What would be painted over the same pixel need not be.
      if (right <= painted && !marked && !(matches && matches[i])) {
        continue;
      }
      painted = Math.floor(right);
      drawSpan(context, i, left, right, y, colours, marked);
    }
  }

  function drawSpan(context, i, left, right, y, colours, marked) {
    const kind = KINDS.indexOf(actions.mnemonic(i));
    const state = actions.state[i];
    const plain = byKind && state === EXECUTED;
    context.globalAlpha = matches && !matches[i] ? 0.18 : 1;
    context.fillStyle = plain ? colours.kinds[kind < 0 ? 7 : kind] : colours.fill[state];
    const space = right - left > 4 ? 1 : 0;
    context.fillRect(left, y + 3, right - left - space, ROW - 7);
    if (actions.isCritical[i]) {
      context.fillStyle = colours.critical;
      context.fillRect(left, y + ROW - 6, right - left - space, 3);
    }
    if (marked) {
      context.strokeStyle = colours.text;
      context.lineWidth = 2;
      context.strokeRect(left, y + 2, right - left - space, ROW - 5);
    }
    if (right - left > 34) {
      context.fillStyle = plain ? "#fff" : colours.ink[state];
      context.textAlign = "left";
      const sign = state === EXECUTED ? "" : `${STATES[state].sign} `;
      const start = Math.max(left, LABELS);
      context.fillText(fitted(context, sign + actions.label(i), right - start - 10), start + 5, y + ROW / 2 - 0.5);
    }
    if (right - left > 10 && right - left <= 34 && state === FAILED) {
      context.fillStyle = colours.ink[state];
      context.textAlign = "center";
      context.fillText(STATES[state].sign, (left + right) / 2, y + ROW / 2 - 0.5);
    }
    context.globalAlpha = 1;
  }

  function drawBusy(context, width, colours) {
    const most = busy.reduce((max, step) => Math.max(max, step[1]), 1);
    const floor = AXIS + BUSY - 6;
    context.fillStyle = colours.fill[EXECUTED];
    context.globalAlpha = 0.3;
    context.beginPath();
    context.moveTo(LABELS, floor);
    let level = floor;
    for (const [at, count] of busy) {
      const px = Math.min(width, Math.max(LABELS, x(at, width)));
      context.lineTo(px, level);
      level = floor - (BUSY - 14) * count / most;
      context.lineTo(px, level);
    }
    context.lineTo(Math.min(width, Math.max(LABELS, x(executionEnd, width))), floor);
    context.fill();
    context.globalAlpha = 1;
    context.fillStyle = colours.quiet;
    context.textAlign = "left";
    context.fillText(`at once: ${most}`, 8, AXIS + BUSY / 2);
    context.fillStyle = colours.line;
    context.fillRect(0, AXIS + BUSY - 1, width, 1);
  }

  /** Round times, so many that their texts have room. */
  function ticksFor(width) {
    const step = niceStep((to - from) / Math.max(2, (width - LABELS) / 110));
    const first = Math.ceil(from / step);
    return Array.from({length: Math.floor(to / step) - first + 1}, (_, n) => (first + n) * step);
  }

  function drawAxis(context, ticks, width, colours) {
    const step = ticks.length > 1 ? ticks[1] - ticks[0] : to - from;
    context.textAlign = "center";
    context.fillStyle = colours.quiet;
    for (const at of ticks) {
      const px = Math.round(x(at, width));
      if (px < width - 30) {
        context.fillText(at === 0 ? "0" : axisTime(at, step), px, AXIS / 2 - 1);
      }
    }
  }

  function axisTime(at, step) {
    const ms = at * build.unitMs;
    const each = step * build.unitMs;
    return each >= 1000 || ms >= 10_000 && each >= 100 ? `${(ms / 1000).toFixed(each >= 1000 ? 0 : 1)} s`
      : ms >= 1000 ? `${(ms / 1000).toFixed(each >= 100 ? 1 : each >= 10 ? 2 : 3)} s` : `${ms.toFixed(each < 1 ? 1 : 0)} ms`;
  }

  function niceStep(least) {
    const magnitude = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
    return [1, 2, 5, 10].map(n => n * magnitude).find(step => step >= least) ?? 10 * magnitude;
  }

  function spanAt(px, py) {
    const row = rows[Math.floor((py - AXIS - BUSY + scroll) / ROW)];
    if (py < AXIS + BUSY || px < LABELS || row === undefined) {
      return -1;
    }
    const at = timeAt(px, surface.width);
    const slack = (to - from) / surface.width * 3;
    const near = i => Math.max(actions.start[i] - at, at - actions.end[i], 0);
    if (row.hits) {
      const hit = row.hits.find(i => Math.abs(actions.end[i] - at) <= slack);
      return hit ?? -1;
    }
    let best = -1;
    for (const i of row.spans ?? []) {
      if (near(i) <= slack && (best < 0 || near(i) < near(best))) {
        best = i;
      }
    }
    return best;
  }

  function keys(event) {
    const span = to - from;
    const middle = (from + to) / 2;
    const moves = {
      ArrowLeft: () => pan(-span / 8), ArrowRight: () => pan(span / 8), ArrowUp: () => scrollBy(-ROW), ArrowDown: () => scrollBy(ROW),
      "+": () => zoom(0.7, middle), "=": () => zoom(0.7, middle), "-": () => zoom(1 / 0.7, middle), 0: () => showAll(),
      n: () => step(1), p: () => step(-1),
    };
    if (moves[event.key] && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      moves[event.key]();
      surface.redraw();
    }
  }

  /** Chooses what started next, or before. */
  function step(by) {
    if (ran.length > 0) {
      const at = ran.indexOf(details.action);
      details.select(ran[Math.max(0, Math.min(ran.length - 1, at + by))]);
      bring(details.action);
    }
  }

  function showAll() {
    from = 0;
    to = Math.max(1, build.wall);
    scroll = 0;
    surface.redraw();
  }

  /** Moves so that an action is in sight. */
  function bring(i) {
    if (!actions.ran(i)) {
      return;
    }
    if (actions.start[i] < from || actions.end[i] > to || actions.duration(i) * 200 < to - from) {
      const around = Math.max(actions.duration(i) * 6, Math.min(to - from, 2000));
      from = Math.max(0, (actions.start[i] + actions.end[i] - around) / 2);
      to = Math.min(Math.max(1, build.wall), from + around);
    }
    const row = rows.findIndex(each => each.name.startsWith("lane") && each.spans.includes(i));
    const y = top(row);
    if (y < AXIS + BUSY || y + ROW > surface.height) {
      scrollBy(y - surface.height / 2);
    }
    surface.redraw();
  }

  function tools() {
    const colour = el("select", {onchange: event => {
      byKind = event.target.value === "kind";
      legend();
      surface.redraw();
    }}, el("option", {value: "state"}, "outcome"), el("option", {value: "kind"}, "kind of work"));
    const key = el("span.legend");
    function legend() {
      const states = STATE_ORDER.filter(state => counts[state] > 0 && state !== UP_TO_DATE && state !== UNCHANGED && state !== SKIPPED);
      replace(key, byKind
        ? KINDS.map((kind, n) => el("span", {}, el("i", {style: {background: `var(--kind-${n})`}}), kind))
        : states.map(state => badge(state)), el("span", {}, el("i.line"), "★ critical path"));
    }
    legend();
    return el("div.tools", {}, el("label", {}, "Colour by ", colour), key, el("span.space"),
      el("button", {type: "button", onclick: () => zoom(0.6, (from + to) / 2)}, "Zoom in"),
      el("button", {type: "button", onclick: () => zoom(1 / 0.6, (from + to) / 2)}, "Zoom out"),
      el("button", {type: "button", onclick: showAll}, "All"),
      el("span.quiet.hint", {}, "wheel zooms, drag moves, n and p step"));
  }

  return {
    render(section) {
      if (ran.length === 0 && hits.length === 0) {
        section.append(el("p.empty", {}, actions.count === 0 ? "There was no plan, so nothing ran." : "Nothing ran in this build: everything was up to date."));
        return;
      }
      surface = new Surface("Timeline of the actions that ran; the table of actions has the same times", draw);
      section.append(tools(), surface.frame);
      surface.canvas.addEventListener("wheel", event => {
        event.preventDefault();
        if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
          pan((event.deltaX || event.deltaY) * (to - from) / surface.width);
        } else {
          zoom(Math.exp(event.deltaY * 0.0016), timeAt(surface.at(event)[0], surface.width));
        }
        surface.redraw();
      }, {passive: false});
      surface.canvas.addEventListener("keydown", keys);
      surface.onPointer({
        pan(dx, dy) {
          pan(-dx * (to - from) / (surface.width - LABELS));
          scrollBy(-dy);
        },
        click(px, py) {
          const i = spanAt(px, py);
          if (i >= 0) {
            details.select(i);
          }
        },
        hover(px, py, event) {
          const i = spanAt(px, py);
          if (i !== hovered) {
            hovered = i;
            surface.redraw();
          }
          if (i >= 0) {
            actionTip(event, i);
          } else {
            tip.hide();
          }
        },
        leave() {
          hovered = -1;
          tip.hide();
          surface.redraw();
        },
      });
    },
    show(_, action) {
      surface?.drawNow();
      if (surface && action >= 0) {
        bring(action);
        surface.drawNow();
      }
    },
    refresh() {
      surface?.redraw();
    },
  };
})();
