import { createHash } from 'node:crypto';
import type { Losses } from './losses.js';

const MOST = 64;
const KEPT = 55;
const TAKEN = /^[a-zA-Z0-9_-]{1,64}$/;

/** What Google takes. */
export const GOOGLE_NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/;

/** A name that upstream takes: itself where it can be, else as much of it as there is room for, and a part of its hash. */
function spelled(original: string, taken = TAKEN): string {
  if (taken.test(original)) return original;
  const hash = createHash('sha256')
    .update(original)
    .digest('hex')
    .slice(0, MOST - KEPT - 1);
  const kept = original.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, KEPT);
  return `${taken.test(kept) || taken === TAKEN ? kept : `_${kept.slice(1)}`}_${hash}`;
}

/** Names of tools and ids of calls, as upstream takes them, and back: the same wherever they stand in a conversation. */
export class Names {
  private readonly originals = new Map<string, string>();

  /** @param losses is told of what had to be spelled otherwise. @param taken what a tool may be called upstream */
  constructor(
    private readonly losses: Losses,
    private readonly taken?: RegExp,
  ) {}

  /** What the tool is called upstream. */
  tool(original: string): string {
    const name = spelled(original, this.taken);
    if (name !== original) {
      this.losses.tell('names');
      this.originals.set(name, original);
    }
    return name;
  }

  /** What a call of the client's history is known by upstream. */
  id(original: string): string {
    const id = spelled(original);
    if (id !== original) this.losses.tell('ids');
    return id;
  }

  /** What the client calls the tool that upstream's answer names. */
  original(name: string): string {
    return this.originals.get(name) ?? name;
  }
}

/** An id for clients, made of upstream's. */
export const spelledId = (original: string): string => spelled(original);
