// The images that were built: what each layer is made of and by, its files by size, and what is sent without being seen.

const images = (() => {
  const all = data.images ?? [];
  let place;
  let at = 0;
  let layer = 0;
  let surface = null;

  /** The folders from the root of the layer's tree to the one that the map shows. */
  let path = [];
  let boxes = [];

  const isFolder = node => node.length === 4;

  function largest(image) {
    return image.layers.reduce((best, each, n) => each.size > image.layers[best].size ? n : best, 0);
  }

  function open(n) {
    at = n;
    layer = largest(all[n]);
    draw();
  }

  function draw() {
    const image = all[at];
    const known = image.layers.every(each => each.tarBytes !== undefined);
    const sum = image.layers.reduce((total, each) => total + each.size, 0);
    const plain = image.layers.reduce((total, each) => total + (each.tarBytes ?? 0), 0);
    replace(place,
      all.length > 1 ? el("label.pick", {}, "Image ", el("select", {onchange: event => page.go("images", event.target.value)},
        all.map((each, n) => el("option", {value: n, selected: n === at}, `${each.target} · ${each.platform}`)))) : null,
      el("section.card", {}, el("h2", {}, image.target),
        facts(["platform", image.platform], ["digest", el("code", {}, image.digest)],
          image.created ? ["created", image.created] : null,
          image.entrypoint ? ["entrypoint", el("code", {}, image.entrypoint)] : null,
          image.command ? ["command", el("code", {}, image.command)] : null,
          image.user ? ["user", image.user] : null)),
      el("div.tiles", {},
        tile("compressed", bytes(sum), many(image.layers.length, "layer")),
        tile("uncompressed", known ? bytes(plain) : "–", known ? `${percent(sum, plain)} is left by compression` : "not all layers are on this machine"),
        tile("hidden", image.hidden ? bytes(image.hidden.bytes) : "–", image.hidden ? many(image.hidden.count, "file") : null),
        tile("efficiency", image.hidden && plain > 0 ? percent(plain - image.hidden.bytes, plain) : "–", "of what is sent can be seen")),
      layers(image, sum), layerCard(image), hidden(image));
    surface?.drawNow();
  }

  function layers(image, sum) {
    const most = Math.max(1, ...image.layers.map(each => each.size));
    return el("section.card", {}, el("h2", {}, "Layers"),
      el("p.quiet", {}, "Lowest first. Choose one to see its files."),
      el("div.bar.layers", {}, image.layers.map((each, n) => el("button.fill", {
        type: "button", "aria-pressed": String(n === layer), title: `layer ${n + 1}: ${bytes(each.size)}, ${percent(each.size, sum)}`,
        style: {flexGrow: Math.max(each.size, sum / 200), background: `var(--kind-${n % 8})`}, onclick: () => choose(n)}, `${n + 1}`))),
      el("div.scroll", {}, el("table", {}, el("thead", {}, el("tr", {},
        ["", "size", "", "plain", "files", "removes", "digest", "created by"].map((head, n) => el(n === 1 || n > 2 && n < 6 ? "th.number" : "th", {}, head)))),
      el("tbody", {}, image.layers.map((each, n) => el(n === layer ? "tr.chosen" : "tr", {},
        el("td", {}, el("button.link", {type: "button", onclick: () => choose(n), "aria-pressed": String(n === layer)}, el("i.swatch", {style: {background: `var(--kind-${n % 8})`}}), ` ${n + 1}`)),
        el("td.number", {}, bytes(each.size)),
        el("td.track", {}, el("span.fill.executed", {style: {width: `${100 * each.size / most}%`}})),
        el("td.number", {}, each.tarBytes === undefined ? "not here" : bytes(each.tarBytes)),
        el("td.number", {}, each.tree ? number(each.tree[2]) : "–"),
        el("td.number", {}, each.removes ? number(each.removes) : "–"),
        el("td", {}, el("code", {title: each.digest}, `${each.digest.slice(0, 19)}…`)),
        el("td.by", {}, el("code", {title: each.createdBy}, each.createdBy || "–"))))))));
  }

  function choose(n) {
    layer = n;
    path = [];
    draw();
  }

  function layerCard(image) {
    const each = image.layers[layer];
    surface = null;
    if (!each) {
      return el("p.empty", {}, "The image has no layers.");
    }
    const head = el("h2", {}, `Layer ${layer + 1}`, el("span.quiet", {}, ` · ${each.mediaType}`));
    if (!each.tree) {
      return el("section.card", {}, head, el("p.empty", {}, each.here
        ? "This layer cannot be read as a tar of files."
        : "This layer is not on this machine: nothing that was built had to read it. It is in the registry that the base comes from."));
    }
    if (each.tree[2] === 0) {
      return el("section.card", {}, head, el("p.empty", {}, `There is no file in this layer; it has ${many(each.entries, "entry", "entries")}.`));
    }
    path = [each.tree];
    const crumbs = el("p.crumbs");
    surface = new Surface("Map of the files of the layer by size; the tree beside it has the same", (context, width, height) => {
      drawMap(context, width, height);
      replace(crumbs, path.flatMap((folder, n) => [n > 0 ? " / " : "", el("button.link", {type: "button", onclick: () => {
        path = path.slice(0, n + 1);
        surface.redraw();
      }}, folder[0] || "/")]), el("span.quiet", {}, ` ${bytes(path.at(-1)[1])} in ${many(path.at(-1)[2], "file")}`));
    });
    surface.onPointer({
      pan() {},
      click(px, py) {
        const box = boxAt(px, py);
        if (box) {
          path = [...path, ...box.folders];
          surface.redraw();
        }
      },
      hover(px, py, event) {
        const box = boxAt(px, py);
        if (box) {
          tip.show(event, el("strong", {}, `/${[...path.slice(1), ...box.parents].map(folder => folder[0]).concat(box.node[0] || `${number(box.node[2])} smaller ones`).join("/")}`),
            el("div", {}, `${bytes(box.node[1])}, ${percent(box.node[1], each.tree[1])} of the layer`));
        } else {
          tip.hide();
        }
      },
      leave: () => tip.hide(),
    });
    surface.frame.classList.add("map");
    return el("section.card", {}, head, el("div.columns", {}, el("div", {}, crumbs, surface.frame), tree(each.tree, each.tree[1])));
  }

  function boxAt(px, py) {
    return boxes.findLast(box => px >= box.x && px < box.x + box.w && py >= box.y && py < box.y + box.h);
  }

  /** Fills a rectangle with rectangles as near to squares as they will be. */
  function squares(nodes, x, y, w, h, each) {
    let rest = nodes.filter(node => node[1] > 0);
    let sum = rest.reduce((total, node) => total + node[1], 0);
    while (rest.length > 0 && w > 2 && h > 2) {
      const along = Math.min(w, h);
      const area = w * h / sum;
      let row = [];
      let rowSum = 0;
      let worst = Infinity;
      for (const node of rest) {
        const next = rowSum + node[1];
        const thick = next * area / along;
        const ratio = Math.max(...[...row, node].map(one => {
          const side = one[1] * area / thick;
          return Math.max(side / thick, thick / side);
        }));
        if (ratio > worst) {
          break;
        }
        worst = ratio;
        row = [...row, node];
        rowSum = next;
        if (row.length > 40) {
          break;
        }
      }
      const thick = rowSum * area / along;
      let at = 0;
      for (const node of row) {
        const side = node[1] / rowSum * along;
        each(node, ...w >= h ? [x, y + at, thick, side] : [x + at, y, side, thick]);
        at += side;
      }
      [x, y, w, h] = w >= h ? [x + thick, y, w - thick, h] : [x, y + thick, w, h - thick];
      rest = rest.slice(row.length);
      sum -= rowSum;
    }
  }

  function drawMap(context, width, height) {
    const colours = theme();
    boxes = [];
    context.textBaseline = "top";
    const fill = (folder, x, y, w, h, parents, tone) => {
      squares(folder[3] ?? [], x, y, w, h, (node, bx, by, bw, bh) => {
        const n = parents.length === 0 ? boxes.filter(box => box.parents.length === 0).length % 7 : tone;
        boxes.push({node, x: bx, y: by, w: bw, h: bh, parents, folders: [...parents, ...isFolder(node) && node[3] ? [node] : []]});
        const hasInside = isFolder(node) && node[3] && bw > 40 && bh > 34;
        context.globalAlpha = Math.max(0.25, (hasInside ? 0.3 : 0.72) - 0.08 * parents.length);
        context.fillStyle = node[0] === "" ? colours.quiet : colours.kinds[n];
        context.fillRect(bx + 0.5, by + 0.5, Math.max(0.5, bw - 1), Math.max(0.5, bh - 1));
        context.globalAlpha = 1;
        context.font = `${hasInside ? "600 " : ""}11px ${FONT}`;
        context.fillStyle = colours.text;
        if (bw > 30 && bh > 15) {
          context.fillText(fitted(context, node[0] || `${number(node[2])} smaller`, bw - 8), bx + 4, by + 3);
          if (bh > 32 && !hasInside) {
            context.fillText(fitted(context, bytes(node[1]), bw - 8), bx + 4, by + 17);
          }
        }
        if (hasInside && parents.length < 4) {
          fill(node, bx + 3, by + 17, bw - 6, bh - 20, [...parents, node], n);
        }
      });
    };
    fill(path.at(-1), 0, 0, width, height, [], 0);
  }

  function labelled(depth, what) {
    const label = el("span.label", {}, what);
    label.style.setProperty("--depth", depth);
    return label;
  }

  function tree(folder, whole) {
    const line = (node, depth, what) => [el("span.amount", {}, bytes(node[1])),
      el("span.track", {}, el("span.fill.executed", {style: {width: `${100 * node[1] / Math.max(1, whole)}%`}})), labelled(depth, what)];
    const node = (each, depth) => {
      if (each[0] === "" && !isFolder(each)) {
        return el("div.row", {}, ...line(each, depth, el("span.quiet", {}, `${many(each[2], "smaller file")}, not in this page`)));
      } else if (!isFolder(each)) {
        return el("div.row", {}, ...line(each, depth, each[0]));
      } else if (each[3] === null) {
        return el("div.row", {}, ...line(each, depth, [`${each[0]}/`, el("span.quiet", {}, ` ${many(each[2], "file")}, not in this page`)].flat()));
      }
      const fold = el("details", {open: depth < 2 && each[1] > whole / 12}, el("summary.row", {}, ...line(each, depth, `${each[0]}/`)));
      const fill = () => fold.open && fold.childElementCount === 1 && fold.append(el("div.below", {}, listed(each[3], below => node(below, depth + 1), 60)));
      fold.addEventListener("toggle", fill);
      fill();
      return fold;
    };
    return el("div.tree", {}, listed(folder[3] ?? [], each => node(each, 0), 60));
  }

  function hidden(image) {
    if (!image.hidden) {
      return el("section.card", {}, el("h2", {}, "Hidden files"), el("p.empty", {}, "Not all layers are on this machine, so nobody can tell what they hide of each other."));
    }
    const {files, bytes: sum, count} = image.hidden;
    return el("section.card", {}, el("h2", {}, "Hidden files"), count === 0
      ? el("p.empty", {}, "No layer replaces or removes a file of another: nothing is sent in vain.")
      : [el("p.quiet", {}, `${many(count, "file")} with ${bytes(sum)} are in a layer, and replaced or removed by a later one: they are sent, and nobody sees them.`),
        el("div.scroll", {}, el("table", {}, el("thead", {}, el("tr", {}, el("th", {}, "file"), el("th.number", {}, "size"), el("th.number", {}, "in layer"), el("th.number", {}, "hidden by"))),
          el("tbody", {}, files.slice(0, 100).map(([file, size, from, by]) => el("tr", {}, el("td", {}, el("code", {}, file)), el("td.number", {}, bytes(size)), el("td.number", {}, from + 1), el("td.number", {}, by + 1)))))),
        count > 100 ? el("p.quiet", {}, `${number(count - 100)} smaller ones are not listed.`) : null]);
  }

  return {
    render(section) {
      if (all.length === 0) {
        section.append(el("p.empty", {}, "No image was asked for in this build, or none was made."));
        return;
      }
      place = el("div.stack");
      section.append(place);
      open(0);
    },
    show(argument) {
      if (place && argument !== "" && Number(argument) !== at && all[Number(argument)]) {
        open(Number(argument));
      }
      surface?.drawNow();
    },
    refresh() {},
  };
})();
