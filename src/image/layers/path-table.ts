/** What a slot of the table holds; `implied` is a folder that no entry names, only paths below it. */
export const KINDS = ['none', 'implied', 'file', 'executable', 'folder', 'link', 'other'] as const;
export type Kind = (typeof KINDS)[number];

/** What is known of one path, from all layers. Layers are numbered from 1, the lowest. */
export interface PathRecord {
  /** Of the highest layer that has the path. */
  readonly kind: Kind;
  readonly layer: number;
  /** A number of the caller's own. */
  readonly info: number;
  /** The highest layer that removes the path from those below it; 0 for none. */
  readonly removedIn: number;
  /** The highest layer that removes all that lower layers have below the path; 0 for none. */
  readonly emptiedIn: number;
}

/**
 * A table of paths that does not hold them: 64 bits of hash stand for each, so that a million files cost some 40 MB and
 * long names cost nothing. Two paths of one hash would be taken for one, which in a million happens once in 30 million
 * tables; the hash begins with a random number, so that no image can aim at it.
 */
export class PathTable {
  #count = 0;
  #slots = emptySlots(1 << 10);
  readonly #seed: number;

  constructor(seed = Math.floor(Math.random() * 0x7fffffff)) {
    this.#seed = seed;
  }

  /** How many paths it holds. */
  get count(): number {
    return this.#count;
  }

  /** Gives what is known of a path; undefined when nothing is. */
  get(path: string): PathRecord | undefined {
    const { slots, at } = this.#find(path);
    if (slots.low[at] === 0) return undefined;
    return {
      kind: KINDS[slots.kind[at] ?? 0] ?? 'none',
      layer: slots.layer[at] ?? 0,
      info: slots.info[at] ?? 0,
      removedIn: slots.removed[at] ?? 0,
      emptiedIn: slots.emptied[at] ?? 0,
    };
  }

  /** Puts a path of a layer in; the highest layer counts, and of one layer the last entry. */
  put(path: string, kind: Kind, layer: number, info: number): void {
    const { slots, at } = this.#claim(path);
    // Where a layer has no folder, nothing of the layers below it is left, also when one above has a folder again.
    if (kind !== 'folder') slots.emptied[at] = Math.max(slots.emptied[at] ?? 0, layer);
    if ((slots.layer[at] ?? 0) > layer) return;
    slots.kind[at] = KINDS.indexOf(kind);
    slots.layer[at] = layer;
    slots.info[at] = info;
  }

  /** Says that a folder is there because something lies below it; gives the kind that was known before. */
  imply(path: string): Kind {
    const { slots, at } = this.#claim(path);
    const before = KINDS[slots.kind[at] ?? 0] ?? 'none';
    if (before === 'none') slots.kind[at] = KINDS.indexOf('implied');
    return before;
  }

  remove(path: string, layer: number): void {
    const { slots, at } = this.#claim(path);
    slots.removed[at] = Math.max(slots.removed[at] ?? 0, layer);
  }

  empty(path: string, layer: number): void {
    const { slots, at } = this.#claim(path);
    slots.emptied[at] = Math.max(slots.emptied[at] ?? 0, layer);
  }

  #claim(path: string): Found {
    if (this.#count * 2 >= this.#slots.low.length) this.#grow();
    const found = this.#find(path);
    if (found.slots.low[found.at] === 0) {
      found.slots.low[found.at] = found.low;
      found.slots.high[found.at] = found.high;
      this.#count++;
    }
    return found;
  }

  #find(path: string): Found {
    let low = this.#seed | 0;
    let high = ~this.#seed | 0;
    for (let i = 0; i < path.length; i++) {
      const code = path.charCodeAt(i);
      low = Math.imul(low ^ code, 0x01000193);
      high = Math.imul(high ^ code, 0x85ebca6b) ^ (high >>> 13);
    }
    low = mixed(low ^ path.length) || 1; // 0 marks a free slot
    high = mixed(high);
    const slots = this.#slots;
    const mask = slots.low.length - 1;
    let at = (low ^ high) & mask;
    while (slots.low[at] !== 0 && (slots.low[at] !== low || slots.high[at] !== high)) at = (at + 1) & mask;
    return { slots, at, low, high };
  }

  #grow(): void {
    const old = this.#slots;
    const slots = emptySlots(old.low.length * 2);
    const mask = slots.low.length - 1;
    for (let from = 0; from < old.low.length; from++) {
      const low = old.low[from] ?? 0;
      if (low === 0) continue;
      const high = old.high[from] ?? 0;
      let at = (low ^ high) & mask;
      while (slots.low[at] !== 0) at = (at + 1) & mask;
      slots.low[at] = low;
      slots.high[at] = high;
      slots.kind[at] = old.kind[from] ?? 0;
      slots.layer[at] = old.layer[from] ?? 0;
      slots.info[at] = old.info[from] ?? 0;
      slots.removed[at] = old.removed[from] ?? 0;
      slots.emptied[at] = old.emptied[from] ?? 0;
    }
    this.#slots = slots;
  }
}

interface Slots {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly info: Uint32Array;
  readonly kind: Uint8Array;
  readonly layer: Uint16Array;
  readonly removed: Uint16Array;
  readonly emptied: Uint16Array;
}

interface Found {
  readonly slots: Slots;
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

function emptySlots(length: number): Slots {
  return {
    low: new Int32Array(length),
    high: new Int32Array(length),
    info: new Uint32Array(length),
    kind: new Uint8Array(length),
    layer: new Uint16Array(length),
    removed: new Uint16Array(length),
    emptied: new Uint16Array(length),
  };
}

/** The last step of murmur3: every bit of the hash comes to depend on every bit of the text. */
function mixed(hash: number): number {
  let mix = hash;
  mix = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return mix ^ (mix >>> 16);
}
