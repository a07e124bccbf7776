import { decodeEvent } from '../../domain/events/codec.js';
import type { EventStore } from '../../eventstore/event-store.js';
import { type Facts, factsOf } from './facts.js';
import { type Change, changeOf, changesOf, deciderOf } from './history.js';

interface Place {
  readonly stream: string;
  readonly revision: bigint;
}

/** What each of these events changed, in their order: of a thing that lives on what it was and is, of any other what it says. */
export async function actsTold<Act extends Place>(
  store: Pick<EventStore, 'readStream'>,
  acts: readonly Act[],
): Promise<readonly (Act & { readonly change: Change })[]> {
  const ofStreams = new Map<string, ReadonlyMap<bigint, Change>>();
  for (const stream of new Set(acts.map((act) => act.stream))) {
    const revisions = acts.filter((act) => act.stream === stream).map(({ revision }) => revision);
    ofStreams.set(stream, await changesAt(store, stream, revisions));
  }
  return acts.flatMap((act) => {
    const change = ofStreams.get(act.stream)?.get(act.revision);
    return change ? [{ ...act, change }] : [];
  });
}

async function changesAt(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  revisions: readonly bigint[],
): Promise<ReadonlyMap<bigint, Change>> {
  const decider = deciderOf(stream);
  if (decider) {
    const last = revisions.reduce((most, revision) => (revision > most ? revision : most), 0n);
    const changes = await changesOf(store, stream, decider, last);
    return new Map(changes.map((change) => [change.revision, change]));
  }
  const told = new Map<bigint, Change>();
  for (const revision of revisions) {
    const [recorded] = await store.readStream(stream, { from: revision, limit: 1 });
    if (recorded?.revision === revision)
      told.set(
        revision,
        changeOf(recorded, decodeEvent(recorded.type, recorded.data), {}, saidOf(recorded.data)),
      );
  }
  return told;
}

/** Who and why are told beside it. */
const saidOf = (data: object): Facts =>
  Object.fromEntries(Object.entries(factsOf(data)).filter(([name]) => name !== 'by' && name !== 'reason'));
