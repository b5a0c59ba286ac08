// A canvas that fits its place, sharp on every screen, redrawn when there is reason to.

class Surface {
  /**
   * @param draw gets the context, the width and the height, in CSS pixels
   */
  constructor(label, draw) {
    this.canvas = el("canvas", {tabindex: 0, role: "img", "aria-label": label});
    this.frame = el("div.surface", {}, this.canvas);
    this.draw = draw;
    this.pending = false;
    this.width = 0;
    this.height = 0;
    new ResizeObserver(() => this.redraw()).observe(this.frame);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  redraw() {
    if (!this.pending) {
      this.pending = true;
      requestAnimationFrame(() => this.drawNow());
    }
  }

  drawNow() {
    this.pending = false;
    const {clientWidth: width, clientHeight: height} = this.frame;
    if (width === 0 || height === 0) {
      return;
    }
    const ratio = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
    }
    this.width = width;
    this.height = height;
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    this.draw(context, width, height);
  }

  /** Where the pointer is, in the canvas. */
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** Drags move, clicks choose; `handlers` has `pan(dx, dy)`, `click(x, y)`, `hover(x, y)`, `leave()`. */
  onPointer(handlers) {
    let last = null;
    let moved = 0;
    this.canvas.addEventListener("pointerdown", event => {
      last = [event.clientX, event.clientY];
      moved = 0;
      this.canvas.setPointerCapture(event.pointerId);
    });
    this.canvas.addEventListener("pointermove", event => {
      if (last === null) {
        handlers.hover(...this.at(event), event);
        return;
      }
      const [dx, dy] = [event.clientX - last[0], event.clientY - last[1]];
      moved += Math.abs(dx) + Math.abs(dy);
      last = [event.clientX, event.clientY];
      handlers.pan(dx, dy);
      this.redraw();
    });
    this.canvas.addEventListener("pointerup", event => {
      if (last !== null && moved < 4) {
        handlers.click(...this.at(event));
      }
      last = null;
    });
    this.canvas.addEventListener("pointerleave", () => handlers.leave());
  }
}

/** The colours of the style sheet, for the theme that holds now. */
function theme() {
  const style = getComputedStyle(document.documentElement);
  const value = name => style.getPropertyValue(`--${name}`).trim();
  return {
    text: value("text"), quiet: value("quiet"), line: value("line"), ground: value("ground"), card: value("card"),
    accent: value("accent"), critical: value("critical"),
    fill: STATES.map(state => value(state.id)), ink: STATES.map(state => value(`${state.id}-ink`)),
    kinds: Array.from({length: 8}, (_, n) => value(`kind-${n}`)),
  };
}

const FONT = "system-ui, sans-serif";

/** The beginning of a text, as much of it as there is room for. */
function fitted(context, text, width) {
  if (width < 16) {
    return "";
  }
  const each = context.measureText("abcdefghij").width / 10;
  if (text.length * each * 1.25 < width || context.measureText(text).width <= width) {
    return text;
  }
  let length = Math.min(text.length, Math.floor(width / each));
  while (length > 0 && context.measureText(`${text.slice(0, length)}…`).width > width) {
    length--;
  }
  return length > 2 ? `${text.slice(0, length)}…` : "";
}

/** The end of a text, as much of it as there is room for: of a label, that tells more than the beginning. */
function fittedEnd(context, text, width) {
  if (context.measureText(text).width <= width) {
    return text;
  }
  const each = context.measureText("abcdefghij").width / 10;
  let length = Math.min(text.length, Math.floor(width / each));
  while (length > 0 && context.measureText(`…${text.slice(-length)}`).width > width) {
    length--;
  }
  return length > 1 ? `…${text.slice(-length)}` : "";
}

/** A little box beside the pointer. */
const tip = {
  element: document.getElementById("tip"),

  show(event, ...content) {
    replace(this.element, ...content);
    this.element.hidden = false;
    const {offsetWidth: width, offsetHeight: height} = this.element;
    const left = event.clientX + 14 + width > innerWidth ? event.clientX - width - 10 : event.clientX + 14;
    const top = event.clientY + 16 + height > innerHeight ? event.clientY - height - 10 : event.clientY + 16;
    this.element.style.left = `${Math.max(4, left)}px`;
    this.element.style.top = `${Math.max(4, top)}px`;
  },

  hide() {
    this.element.hidden = true;
  },
};

function actionTip(event, i) {
  tip.show(event,
    el("strong", {}, actions.label(i)), el("div", {}, badge(actions.state[i]), actions.isCritical[i] ? " ★ critical path" : ""),
    actions.ran(i)
      ? el("div", {}, `${time(actions.duration(i))}, from ${time(actions.start[i])}`, waited(i) > 0 ? `, waited ${time(waited(i))}` : "")
      : el("div", {}, STATES[actions.state[i]].note),
    el("div.quiet", {}, actions.name(i)));
}
