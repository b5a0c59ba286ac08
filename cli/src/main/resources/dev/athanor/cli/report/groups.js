// Graphs of actions and of groups of them, with a place for each node.

/** How many actions around another one are shown at most. */
const MAX_AROUND = 500;

/** A graph of groups: `key(i)` names the group of an action; what it names not, is not in the picture. */
function grouped(members, key, title) {
  const numbers = new Map();
  const nodeOf = new Int32Array(actions.count).fill(-1);
  const nodes = [];
  for (const i of members) {
    const name = key(i);
    if (name === null) {
      continue;
    }
    let node = numbers.get(name);
    if (node === undefined) {
      node = nodes.length;
      numbers.set(name, node);
      nodes.push({name, members: []});
    }
    nodes[node].members.push(i);
    nodeOf[i] = node;
  }
  const edges = new Map();
  for (const i of members) {
    const to = nodeOf[i];
    for (const dependency of to < 0 ? [] : actions.dependencies.of(i)) {
      const on = nodeOf[dependency];
      if (on >= 0 && on !== to) {
        const edge = to * nodes.length + on;
        const critical = actions.isCritical[i] && actions.isCritical[dependency] && isNextOnPath(dependency, i);
        edges.set(edge, edges.get(edge) || critical);
      }
    }
  }
  return placed(nodes, edges, title);
}

const pathPlace = new Map((data.critical ?? []).map((i, n) => [i, n]));

function isNextOnPath(i, next) {
  return pathPlace.get(next) - pathPlace.get(i) === 1;
}

function placed(nodes, edges, title) {
  const counts = new Int32Array(nodes.length);
  const sorted = [...edges.keys()].sort((a, b) => a - b);
  sorted.forEach(edge => counts[Math.floor(edge / nodes.length)]++);
  const dependencies = new Lists(counts, Infinity, sorted.map(edge => edge % nodes.length));
  const users = dependencies.reversed(nodes.length);
  for (const node of nodes) {
    node.action = node.members.length === 1 ? node.members[0] : -1;
    node.states = new Array(STATES.length).fill(0);
    node.time = 0;
    for (const i of node.members) {
      node.states[actions.state[i]]++;
      node.time += actions.duration(i);
      node.critical ||= actions.isCritical[i] === 1;
    }
    node.state = STATE_ORDER.find(state => node.states[state] > 0);
  }
  return {nodes, dependencies, users, title, criticalEdges: sorted.map(edge => edges.get(edge)), ...layout(nodes.length, dependencies, users)};
}

/** An action and what is a few steps from it. */
function around(action, down, up, isShown) {
  const inside = new Set([action]);
  const walk = (lists, steps) => {
    let edge = [action];
    for (let step = 0; step < steps && inside.size < MAX_AROUND; step++) {
      const next = [];
      for (const i of edge) {
        for (const other of lists.of(i)) {
          if (!inside.has(other) && inside.size < MAX_AROUND && isShown(other)) {
            inside.add(other);
            next.push(other);
          }
        }
      }
      edge = next;
    }
  };
  walk(actions.dependencies, down);
  walk(actions.users, up);
  return grouped([...inside].sort((a, b) => a - b), i => i, inside.size >= MAX_AROUND ? `the nearest ${MAX_AROUND} actions` : "actions");
}

/** The actions of a package or target one by one, and what they touch as packages. */
function inside(name, isShown) {
  const isIn = i => packageOf(i) === name || actions.owner(i) === name;
  const near = new Set();
  for (let i = 0; i < actions.count; i++) {
    if (isIn(i)) {
      near.add(i);
      actions.dependencies.of(i).forEach(other => near.add(other));
      actions.users.of(i).forEach(other => near.add(other));
    }
  }
  return grouped([...near].filter(isShown).sort((a, b) => a - b), i => isIn(i) ? i : packageOf(i), "actions and packages beside them");
}
