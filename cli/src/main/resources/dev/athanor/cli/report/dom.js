// Elements and amounts. Text gets into the page as text only: nothing here, or anywhere, parses HTML.

/** An element: attributes, listeners under "on…", and children, which are elements or texts. */
function el(type, attributes = {}, ...children) {
  const [tag, ...classes] = type.split(".");
  const element = document.createElement(tag);
  if (classes.length > 0) {
    element.className = classes.join(" ");
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (name === "style") {
      Object.assign(element.style, value);
    } else if (value !== false && value !== undefined && value !== null) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

function replace(element, ...children) {
  element.replaceChildren(...children.flat().filter(child => child !== null && child !== false));
}

/** A time in the unit of the data: `350 ms`, `1.24 s`, `2 m 03 s`. */
function time(units) {
  const ms = units * build.unitMs;
  if (ms < 10) {
    return `${ms.toFixed(1)} ms`;
  } else if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  } else if (ms < 60_000) {
    return `${(ms / 1000).toFixed(2)} s`;
  }
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} m ${String(seconds % 60).padStart(2, "0")} s`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} m`;
}

/** `512 B`, `1.2 MiB`. */
function bytes(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let amount = count;
  let unit = 0;
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit++;
  }
  return unit === 0 ? `${amount} B` : `${amount.toFixed(amount < 10 ? 2 : 1)} ${units[unit]}`;
}

function percent(part, whole) {
  if (whole === 0) {
    return "–";
  }
  const share = 100 * part / whole;
  return share > 0 && share < 1 ? "< 1 %" : share > 99 && share < 100 ? "> 99 %" : `${Math.round(share)} %`;
}

function number(count) {
  return count.toLocaleString("en").replaceAll(",", "\u202f");
}

function many(count, one, more = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : more}`;
}

/** Base64 without padding, as hex digits. */
function hex(base64) {
  const raw = atob(base64.replaceAll("-", "+").replaceAll("_", "/"));
  return Array.from(raw, c => c.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

/** As many children as fit a reader, and a button for the next ones. */
function listed(items, make, limit = 50) {
  const list = el("ul.plain");
  let shown = 0;
  const button = el("button.more", {onclick: more, type: "button"});
  const last = el("li", {}, button);
  function more() {
    last.remove();
    const next = Math.min(items.length, shown + (shown === 0 ? limit : limit * 4));
    for (; shown < next; shown++) {
      list.append(el("li", {}, make(items[shown])));
    }
    if (shown < items.length) {
      button.textContent = `${number(items.length - shown)} more`;
      list.append(last);
    }
  }
  more();
  return list;
}
