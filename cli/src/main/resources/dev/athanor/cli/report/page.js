// The page: its views, which of them is shown, and the search. A view has an address: #view=what&action=number.

const VIEWS = [
  {id: "overview", name: "Overview", view: {render: overview, show() {}, refresh() {}}},
  {id: "timeline", name: "Timeline", view: timeline, full: true},
  {id: "graph", name: "Graph", view: graph, full: true},
  {id: "why", name: "What changed", view: causes},
  {id: "images", name: `Images${data.images?.length ? ` (${data.images.length})` : ""}`, view: images},
  {id: "actions", name: `Actions (${number(actions.count)})`, view: table, full: true},
];

/** What went wrong in the page itself; nothing, one hopes. */
const faults = [];
addEventListener("error", event => fault(event.message));
addEventListener("unhandledrejection", event => fault(String(event.reason)));

function fault(message) {
  faults.push(message);
  document.documentElement.dataset.errors = faults.join(" | ");
}

const page = {
  shown: null,

  /** Goes to a view. */
  go(view, argument = "", action = details.action) {
    const address = `#${view}${argument === "" ? "" : `=${encodeURIComponent(argument).replaceAll("%3A", ":").replaceAll("%2F", "/")}`}${action >= 0 ? `&action=${action}` : ""}`;
    if (location.hash === address) {
      this.follow();
    } else {
      location.hash = address;
    }
  },

  /** Shows what the address says. */
  follow() {
    const [first, ...rest] = location.hash.slice(1).split("&");
    const [id, argument = ""] = first.split(/=(.*)/s);
    const wanted = rest.map(part => part.split("=")).find(([name]) => name === "action");
    const action = wanted && Number(wanted[1]) < actions.count ? Number(wanted[1]) : -1;
    const next = VIEWS.find(view => view.id === id) ?? VIEWS[0];
    const began = performance.now();
    tip.hide();
    for (const view of VIEWS) {
      view.tab.setAttribute("aria-selected", String(view === next));
      view.tab.tabIndex = view === next ? 0 : -1;
      view.section.hidden = view !== next;
    }
    this.shown = next;
    if (action >= 0 && action !== details.action) {
      details.action = action;
      details.show(actionDetails(action));
    }
    render(next);
    next.view.show(safely(argument), action);
    const {dataset} = document.documentElement;
    dataset.view = next.id;
    dataset.viewMs = Math.round(performance.now() - began);
    dataset.readyMs = Math.round(performance.now());
    dataset.ready = "true";
  },

  /** Another action is chosen, or none. */
  selected() {
    this.shown?.view.refresh();
  },
};

function safely(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

function render(view) {
  if (!view.isRendered) {
    view.isRendered = true;
    view.view.render(view.section);
  }
}

function start() {
  replace(document.getElementById("headline"), headline());
  const tabs = document.querySelector("nav");
  for (const view of VIEWS) {
    view.tab = el("button", {type: "button", role: "tab", id: `tab-${view.id}`, "aria-controls": `view-${view.id}`, onclick: () => page.go(view.id)}, view.name);
    view.section = el(view.full ? "section.view.full" : "section.view", {id: `view-${view.id}`, role: "tabpanel", "aria-labelledby": `tab-${view.id}`, hidden: true});
    tabs.append(view.tab);
    document.querySelector("main").append(view.section);
  }
  tabs.addEventListener("keydown", event => {
    const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (by) {
      const next = VIEWS[(VIEWS.indexOf(page.shown) + by + VIEWS.length) % VIEWS.length];
      page.go(next.id);
      next.tab.focus();
    }
  });
  const field = document.querySelector("#search input");
  let pause = 0;
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      search(field.value);
      page.selected();
    }, 120);
  });
  field.addEventListener("keydown", event => {
    const first = matches?.indexOf(1) ?? -1;
    if (event.key === "Enter" && first >= 0) {
      details.select(first);
      page.shown.view.show("", first);
    } else if (event.key === "Escape") {
      field.value = "";
      search("");
      page.selected();
      field.blur();
    }
  });
  addEventListener("keydown", event => {
    const isTyping = /INPUT|SELECT|TEXTAREA/.test(event.target.tagName);
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      field.focus();
    } else if (event.key === "Escape" && !isTyping) {
      details.close();
    }
  });
  addEventListener("hashchange", () => page.follow());
  // On paper all views follow each other, but for the long table.
  addEventListener("beforeprint", () => {
    document.body.classList.add("printing");
    VIEWS.filter(view => view.id !== "actions").forEach(view => {
      view.section.hidden = false;
      render(view);
      view.view.show("", -1);
    });
  });
  addEventListener("afterprint", () => {
    document.body.classList.remove("printing");
    page.follow();
  });
  page.follow();
}

start();
