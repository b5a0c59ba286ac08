// Places for the nodes of a graph, in time that grows with its size alone: layers from what needs nothing on the left to
// what nothing needs on the right, and in each layer an order in which few edges cross.

const NODE = {width: 172, height: 38, gapX: 42, gapY: 12, gapColumn: 14};

/** Which layer each node is in: behind all that it depends on. Edges that close a circle do not count. */
function layersOf(count, dependencies) {
  const layer = new Int32Array(count);
  const state = new Uint8Array(count);
  for (let root = 0; root < count; root++) {
    const stack = state[root] === 0 ? [[root, 0]] : [];
    if (stack.length > 0) {
      state[root] = 1;
    }
    while (stack.length > 0) {
      const top = stack.at(-1);
      const list = dependencies.of(top[0]);
      if (top[1] < list.length) {
        const next = list[top[1]++];
        if (state[next] === 0) {
          state[next] = 1;
          stack.push([next, 0]);
        } else if (state[next] === 2) {
          layer[top[0]] = Math.max(layer[top[0]], layer[next] + 1);
        }
      } else {
        state[top[0]] = 2;
        stack.pop();
        if (stack.length > 0) {
          const user = stack.at(-1)[0];
          layer[user] = Math.max(layer[user], layer[top[0]] + 1);
        }
      }
    }
  }
  return layer;
}

/** Sorts each layer by where the neighbours of its nodes are. */
function orderLayers(columns, dependencies, users, count) {
  const place = new Float64Array(count);
  const settle = column => column.forEach((node, n) => {
    place[node] = (n + 0.5) / column.length;
  });
  columns.forEach(settle);
  const sweep = (column, lists) => {
    const wish = new Map();
    for (const node of column) {
      const near = lists.of(node);
      let sum = 0;
      for (const other of near) {
        sum += place[other];
      }
      wish.set(node, near.length === 0 ? place[node] : sum / near.length);
    }
    column.sort((a, b) => wish.get(a) - wish.get(b) || a - b);
    settle(column);
  };
  for (let round = 0; round < 3; round++) {
    columns.forEach(column => sweep(column, dependencies));
    columns.toReversed().forEach(column => sweep(column, users));
  }
}

/** How many nodes stand below each other, so that the whole is about as wide as a screen. */
function rowsFor(columns) {
  const size = rows => {
    let width = 0;
    let most = 0;
    for (const column of columns) {
      width += Math.ceil(column.length / rows) * (NODE.width + NODE.gapColumn) + NODE.gapX;
      most = Math.max(most, Math.min(rows, column.length));
    }
    return width / (most * (NODE.height + NODE.gapY));
  };
  let rows = 8;
  while (size(rows) > 1.8 && rows < 100_000) {
    rows = Math.ceil(rows * 1.25);
  }
  return rows;
}

/** Coordinates of the upper left corner of every node, and the size of the whole. */
function layout(count, dependencies, users) {
  const layer = layersOf(count, dependencies);
  const columns = [];
  for (let node = 0; node < count; node++) {
    (columns[layer[node]] ??= []).push(node);
  }
  orderLayers(columns, dependencies, users, count);
  const rows = rowsFor(columns);
  const height = Math.max(1, ...columns.map(column => Math.min(rows, column.length))) * (NODE.height + NODE.gapY);
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  let left = 0;
  for (const column of columns) {
    const wide = Math.ceil(column.length / rows);
    // As full as its neighbours in the layer: no last column with a single node.
    const tall = Math.ceil(column.length / wide);
    column.forEach((node, n) => {
      x[node] = left + Math.floor(n / tall) * (NODE.width + NODE.gapColumn);
      y[node] = (n % tall) * (NODE.height + NODE.gapY) + (height - tall * (NODE.height + NODE.gapY)) / 2;
    });
    left += wide * (NODE.width + NODE.gapColumn) + NODE.gapX;
  }
  return {x, y, width: Math.max(1, left - NODE.gapX - NODE.gapColumn), height};
}
