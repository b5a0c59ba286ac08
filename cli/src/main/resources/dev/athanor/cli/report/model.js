// The data of the page, and what follows from it. Actions are numbers; what makes an input has a lower number.

const data = JSON.parse(document.getElementById("data").textContent);
const build = data.build;

/** In the order of their numbers. The sign says the same as the colour. */
const STATES = [
  {id: "up-to-date", name: "up to date", sign: "=", note: "nothing that it depends on has changed"},
  {id: "unchanged", name: "checked, unchanged", short: "unchanged", sign: "≡", note: "was looked at: its key is what it was"},
  {id: "cached", name: "cached here", short: "cached", sign: "◆", note: "its result was in this machine's cache"},
  {id: "remote", name: "from the remote cache", short: "remote cache", sign: "◇", note: "its result was in the remote cache"},
  {id: "executed", name: "executed", sign: "▶", note: "ran and succeeded"},
  {id: "failed", name: "failed", sign: "✕", note: "ran and failed"},
  {id: "skipped", name: "skipped", sign: "–", note: "something that it depends on failed"},
  {id: "unfinished", name: "unfinished", sign: "…", note: "the build was stopped before it was done"},
];
const [UP_TO_DATE, UNCHANGED, CACHED, REMOTE, EXECUTED, FAILED, SKIPPED, UNFINISHED] = STATES.keys();

/** The worst first: what a group of actions is shown as. */
const STATE_ORDER = [FAILED, UNFINISHED, SKIPPED, EXECUTED, REMOTE, CACHED, UNCHANGED, UP_TO_DATE];

/** Lists of numbers, one behind the other; those of `i` are from `start[i]` to `start[i + 1]`. */
class Lists {
  constructor(counts, limit, flat) {
    this.start = new Int32Array(counts.length + 1);
    counts.forEach((count, i) => {
      this.start[i + 1] = this.start[i] + Math.min(count, limit);
    });
    this.flat = Int32Array.from(flat);
  }

  of(i) {
    return this.flat.subarray(this.start[i], this.start[i + 1]);
  }

  count(i) {
    return this.start[i + 1] - this.start[i];
  }

  /** For each number in the lists, whose lists it is in. */
  reversed(size) {
    const counts = new Int32Array(size);
    this.flat.forEach(to => counts[to]++);
    const lists = new Lists(counts, Infinity, new Int32Array(this.flat.length));
    const at = lists.start.slice();
    for (let i = 0; i + 1 < this.start.length; i++) {
      for (const to of this.of(i)) {
        lists.flat[at[to]++] = i;
      }
    }
    return lists;
  }
}

const NOTHING = {
  count: 0, owner: [], mnemonic: [], platform: [], state: [], start: [], end: [], took: [], memory: [], outputs: [],
  inputCount: [], inputLimit: 0, inputList: [], dependencyCount: [], dependencyLimit: 0, dependencyList: [], keys: "",
};

/** All actions, by number. */
const actions = (() => {
  const raw = data.actions ?? NOTHING;
  const texts = data.texts ?? [];
  const count = raw.count;
  const dependencies = new Lists(raw.dependencyCount, raw.dependencyLimit, raw.dependencyList);
  const outputs = data.outputs ?? {path: [], size: [], digests: ""};
  const firstOutput = new Int32Array(count + 1);
  raw.outputs.forEach((made, i) => {
    firstOutput[i + 1] = firstOutput[i] + made;
  });
  const isCritical = new Uint8Array(count);
  (data.critical ?? []).forEach(i => {
    isCritical[i] = 1;
  });
  return {
    count,
    state: Uint8Array.from(raw.state),
    start: Int32Array.from(raw.start),
    end: Int32Array.from(raw.end),
    took: raw.took,
    memory: raw.memory,
    dependencies,
    users: dependencies.reversed(count),
    inputs: new Lists(raw.inputCount, raw.inputLimit, raw.inputList),
    inputCount: raw.inputCount,
    dependencyCount: raw.dependencyCount,
    outputs,
    firstOutput,
    isCritical,
    isSame: new Set(data.same ?? []),
    owner: i => texts[raw.owner[i]],
    mnemonic: i => texts[raw.mnemonic[i]],
    platform: i => texts[raw.platform[i]],
    label: i => `${texts[raw.mnemonic[i]]} ${texts[raw.owner[i]]}${raw.platform[i] && texts[raw.platform[i]] ? ` for ${texts[raw.platform[i]]}` : ""}`,
    name: i => outputs.path[firstOutput[i]],
    ran: i => raw.start[i] > 0,
    duration: i => raw.start[i] > 0 ? raw.end[i] - raw.start[i] : 0,
    key: i => {
      const key = raw.keys.slice(i * 43, i * 43 + 43);
      return key.startsWith(".") ? "" : hex(key);
    },
    digest: output => {
      const digest = outputs.digests.slice(output * 16, output * 16 + 16);
      return digest.startsWith(".") ? "" : hex(digest);
    },
    /** An input is told by its path and its maker; -1 where it has none any more. */
    causes: i => (data.causes?.[i] ?? []).map(cause => cause[0] !== "input" ? cause
      : typeof cause[1] === "number" ? ["input", outputs.path[cause[1]], cause[2], producer(cause[1])] : [...cause, -1]),
  };
})();

/** Two of one target may have one label; then the output tells them apart. */
function fullLabel(i) {
  return `${actions.label(i)} → ${actions.name(i)}`;
}

function packageOf(i) {
  const owner = actions.owner(i);
  const colon = owner.indexOf(":");
  return colon < 0 ? owner : owner.slice(0, colon);
}

/** Which action makes an output. */
function producer(output) {
  let low = 0;
  let high = actions.count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (actions.firstOutput[middle] <= output) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

/** When all that an action waits for was there. */
function ready(i) {
  let at = build.executing;
  for (const dependency of actions.dependencies.of(i)) {
    at = Math.max(at, actions.end[dependency]);
  }
  return at;
}

function waited(i) {
  return actions.ran(i) ? Math.max(0, actions.start[i] - ready(i)) : 0;
}

/** Bytes of the files that an action made. */
function madeBytes(i) {
  let sum = 0;
  for (let output = actions.firstOutput[i]; output < actions.firstOutput[i + 1]; output++) {
    sum += Math.max(0, actions.outputs.size[output]);
  }
  return sum;
}

const counts = new Array(STATES.length).fill(0);
actions.state.forEach(state => counts[state]++);

const ran = Array.from({length: actions.count}, (_, i) => i).filter(actions.ran)
  .sort((a, b) => actions.start[a] - actions.start[b]);

/** Puts what ran into lanes, as few as there can be. */
const lanes = (() => {
  const all = [];
  for (const i of ran) {
    let lane = all.find(each => actions.end[each.at(-1)] <= actions.start[i]);
    if (lane === undefined) {
      lane = [];
      all.push(lane);
    }
    lane.push(i);
  }
  return all;
})();

const work = ran.reduce((sum, i) => sum + actions.duration(i), 0);
const criticalTime = (data.critical ?? []).reduce((sum, i) => sum + actions.duration(i), 0);
const executionEnd = ran.reduce((last, i) => Math.max(last, actions.end[i]), build.executing);

/** What is searched for; nothing when all match. */
let matches = null;

function search(text) {
  const words = text.toLowerCase().split(/\s+/).filter(word => word !== "");
  if (words.length === 0) {
    matches = null;
    return;
  }
  matches = new Uint8Array(actions.count);
  for (let i = 0; i < actions.count; i++) {
    const label = fullLabel(i).toLowerCase();
    matches[i] = words.every(word => label.includes(word)) ? 1 : 0;
  }
}
