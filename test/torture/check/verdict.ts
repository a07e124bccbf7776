import type { Cluster } from '../cluster/cluster.js';
import type { ProviderEntry } from '../cluster/provider.js';
import type { Observations } from '../run/observations.js';
import type { Random } from '../random.js';
import type { UpstreamEntry } from '../upstream-script.js';
import type { Books } from './books.js';
import type { RawEvent } from './raw-log.js';

/** All that is known of a round when it is over and at rest. */
export interface Evidence {
  readonly cluster: Cluster;
  readonly events: readonly RawEvent[];
  readonly books: Books;
  readonly observations: Observations;
  readonly upstream: readonly UpstreamEntry[];
  /** What was paid at the provider, and went back there. */
  readonly provider: readonly ProviderEntry[];
  /** Plain, as people type them. */
  readonly codes: readonly string[];
  /** External id -> account id. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly random: Random;
  /** Of what was seen to be wrong while faults were there, or while it came to rest. */
  readonly complaints: readonly string[];
  /** Faults that were planned and possible here and did not happen. */
  readonly passedOver: readonly string[];
}

export interface Invariant {
  /** A sentence that must hold. */
  readonly name: string;
  /** Answers what breaks it; empty: it holds. */
  check(evidence: Evidence, note: (about: string) => void): readonly string[] | Promise<readonly string[]>;
}

export interface Verdict {
  readonly name: string;
  readonly failures: readonly string[];
  /** What there was to see. */
  readonly notes: readonly string[];
}

/** In the order given; a check that cannot be made has failed. */
export async function judge(
  invariants: readonly Invariant[],
  evidence: Evidence,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const invariant of invariants) {
    const notes: string[] = [];
    let failures: readonly string[];
    try {
      failures = await invariant.check(evidence, (note) => notes.push(note));
    } catch (error) {
      failures = [`could not be checked: ${error instanceof Error ? error.message : String(error)}`];
    }
    verdicts.push({ name: invariant.name, failures, notes });
  }
  return verdicts;
}

/** How many there are of each. */
export function countBy<Item>(items: Iterable<Item>, key: (item: Item) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}
