// Every action in a row, sorted and filtered. Only the rows in sight exist.

const table = (() => {
  const ROW = 30;
  const isWithPlatforms = Array.from({length: actions.count}, (_, i) => actions.platform(i)).some(platform => platform);
  const COLUMNS = [
    {name: "outcome", width: "10.5rem", value: i => STATE_ORDER.indexOf(actions.state[i]), cell: i => badge(actions.state[i])},
    {name: "kind", width: "7rem", value: i => actions.mnemonic(i), cell: i => actions.mnemonic(i)},
    {name: "target", width: "minmax(11rem, 2fr)", value: i => actions.owner(i), cell: i => el("button.link", {type: "button", onclick: () => details.select(i)}, `${actions.isCritical[i] ? "★ " : ""}${actions.owner(i)}`)},
    ...(isWithPlatforms ? [{name: "platform", width: "8rem", value: i => actions.platform(i), cell: i => actions.platform(i)}] : []),
    {name: "first output", width: "minmax(10rem, 2fr)", value: i => actions.name(i), cell: i => el("code", {title: actions.name(i)}, actions.name(i))},
    {name: "started", width: "5.1rem", number: true, value: i => actions.ran(i) ? actions.start[i] : Infinity, cell: i => actions.ran(i) ? time(actions.start[i]) : "–"},
    {name: "took", width: "5.1rem", number: true, value: i => -actions.duration(i), cell: i => actions.ran(i) ? time(actions.duration(i)) : "–"},
    {name: "waited", width: "5.1rem", number: true, value: i => -waited(i), cell: i => actions.ran(i) ? time(waited(i)) : "–"},
    {name: "memory", width: "5.1rem", number: true, value: i => -actions.memory[i], cell: i => actions.memory[i] > 0 ? bytes(actions.memory[i] * 2 ** 20) : "–"},
    {name: "made", width: "5.1rem", number: true, value: i => -madeBytes(i), cell: i => actions.outputs.size[actions.firstOutput[i]] === -3 ? "–" : bytes(madeBytes(i))},
    {name: "needed by", width: "5.1rem", number: true, value: i => -actions.users.count(i), cell: i => number(actions.users.count(i))},
  ];

  // Of amounts, the largest are what one looks for.
  COLUMNS.forEach(column => {
    column.isLargestFirst = column.number === true && column.name !== "started";
  });

  const chosen = new Set();
  let sorted = COLUMNS.length - 5;
  let isReversed = false;
  let rows = [];
  let body;
  let scroller;
  let head;
  let note;
  let chips;

  function filter() {
    rows = [];
    for (let i = 0; i < actions.count; i++) {
      if ((!matches || matches[i]) && (chosen.size === 0 || chosen.has(actions.state[i]))) {
        rows.push(i);
      }
    }
    const {value} = COLUMNS[sorted];
    const keys = new Map(rows.map(i => [i, value(i)]));
    const sign = isReversed ? -1 : 1;
    rows.sort((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      return (x < y ? -1 : x > y ? 1 : 0) * sign || a - b;
    });
    body.style.height = `${rows.length * ROW}px`;
    note.textContent = rows.length === actions.count ? many(actions.count, "action") : `${number(rows.length)} of ${many(actions.count, "action")}`;
    chips.querySelectorAll("button").forEach(chip => chip.setAttribute("aria-pressed", String(chosen.has(Number(chip.value)))));
    head.querySelectorAll("[role=columnheader]").forEach((cell, n) =>
      cell.setAttribute("aria-sort", n !== sorted ? "none" : isReversed !== COLUMNS[n].isLargestFirst ? "descending" : "ascending"));
    draw();
  }

  function draw() {
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - 10);
    const last = Math.min(rows.length, Math.ceil((scroller.scrollTop + Math.max(scroller.clientHeight, 600)) / ROW) + 10);
    const shown = [];
    for (let n = first; n < last; n++) {
      const i = rows[n];
      shown.push(el(i === details.action ? "div.tr.chosen" : "div.tr", {role: "row", "aria-rowindex": n + 2, style: {top: `${n * ROW}px`}},
        COLUMNS.map(column => el(column.number ? "div.number" : "div", {role: "cell"}, column.cell(i)))));
    }
    replace(body, rows.length === 0 ? el("p.empty", {}, "No action is like that.") : shown);
  }

  function sort(n) {
    isReversed = sorted === n && !isReversed;
    sorted = n;
    filter();
  }

  return {
    render(section) {
      if (actions.count === 0) {
        section.append(el("p.empty", {}, "There are no actions: the build did not come as far as a plan, or needs none."));
        return;
      }
      note = el("span.quiet", {"aria-live": "polite"});
      chips = el("span.chips", {}, STATE_ORDER.filter(state => counts[state] > 0).map(state =>
        el("button.filter", {type: "button", value: state, onclick: () => {
          if (!chosen.delete(state)) {
            chosen.add(state);
          }
          filter();
        }}, badge(state, `${STATES[state].name} ${number(counts[state])}`))));
      head = el("div.thead", {role: "row"}, COLUMNS.map((column, n) =>
        el(column.number ? "div.number" : "div", {role: "columnheader"}, el("button", {type: "button", onclick: () => sort(n)}, column.name))));
      body = el("div.tbody", {role: "rowgroup"});
      scroller = el("div.tscroll", {onscroll: () => requestAnimationFrame(draw)}, head, body);
      scroller.style.setProperty("--columns", COLUMNS.map(column => column.width).join(" "));
      section.append(el("div.tools", {}, chips, note, el("span.space"), el("span.quiet.hint", {}, "the search above filters, too")),
        el("div.table", {role: "table", "aria-label": "Actions", "aria-rowcount": actions.count + 1}, scroller));
      filter();
    },
    show(argument) {
      if (!body) {
        return;
      }
      const state = STATES.findIndex(each => each.id === argument);
      if (state >= 0) {
        chosen.clear();
        chosen.add(state);
      }
      filter();
    },
    refresh() {
      if (body) {
        filter();
      }
    },
  };
})();
