import { priceListDecider } from '../../domain/price/decide.js';
import { priceListStream } from '../../domain/streams.js';
import { decodeEvent } from '../../domain/events/codec.js';
import type { PriceListEvent, PriceListState } from '../../domain/price/state.js';
import type { RecordedEvent } from '../../eventstore/event-store.js';
import type { Loaded } from '../handling/load.js';
import type { CommandDependencies } from '../handling/ports.js';

/** The list in force: each version replaces the one before it whole, so the last event is all there is to read. */
export async function loadPriceList({
  store,
}: Pick<CommandDependencies, 'store'>): Promise<Loaded<PriceListState>> {
  const stream = priceListStream;
  let state = priceListDecider.initialState();
  const [last] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
  if (!last) return { stream, state, expected: 'no-stream', positions: [], lastRecordedAt: undefined };
  let inForce: RecordedEvent | undefined = last;
  while (inForce?.passedOver && inForce.revision > 0n)
    [inForce] = await store.readStream(stream, {
      from: inForce.revision - 1n,
      direction: 'backwards',
      limit: 1,
    });
  if (inForce && !inForce.passedOver)
    state = priceListDecider.evolve(state, decodeEvent(inForce.type, inForce.data) as PriceListEvent);
  const { revision: expected, position, recordedAt: lastRecordedAt } = last;
  return { stream, state, expected, positions: [position], lastRecordedAt };
}

const PAGE = 20;

/** The list that the actor published last; undefined where there is none. Walks back through the versions. */
export async function lastListOf(
  { store }: Pick<CommandDependencies, 'store'>,
  actor: string,
): Promise<PriceListState | undefined> {
  let before: bigint | undefined;
  for (;;) {
    const from = before === undefined ? {} : { from: before };
    const page = await store.readStream(priceListStream, { direction: 'backwards', limit: PAGE, ...from });
    for (const { type, data, revision, passedOver } of page) {
      before = revision - 1n;
      if (passedOver) continue;
      const event = decodeEvent(type, data) as PriceListEvent;
      if (event.data.by === actor) return priceListDecider.evolve(priceListDecider.initialState(), event);
    }
    if (page.length < PAGE || before === undefined || before < 0n) return undefined;
  }
}
