import { priceListDecider } from '../../domain/price/decide.js';
import { priceListStream } from '../../domain/streams.js';
import { decodeEvent } from '../../domain/events/catalogue.js';
import type { PriceListEvent, PriceListState } from '../../domain/price/state.js';
import type { Loaded } from '../handling/load.js';
import type { CommandDependencies } from '../handling/ports.js';

/** The list in force: each version replaces the one before it whole, so the last event is all there is to read. */
export async function loadPriceList({
  store,
}: Pick<CommandDependencies, 'store'>): Promise<Loaded<PriceListState>> {
  const [last] = await store.readStream(priceListStream, { direction: 'backwards', limit: 1 });
  const initial = priceListDecider.initialState();
  if (!last)
    return {
      stream: priceListStream,
      state: initial,
      expected: 'no-stream',
      positions: [],
      lastRecordedAt: undefined,
    };
  return {
    stream: priceListStream,
    state: priceListDecider.evolve(initial, decodeEvent(last.type, last.data) as PriceListEvent),
    expected: last.revision,
    positions: [last.position],
    lastRecordedAt: last.recordedAt,
  };
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
    for (const { type, data, revision } of page) {
      const event = decodeEvent(type, data) as PriceListEvent;
      if (event.data.by === actor) return priceListDecider.evolve(priceListDecider.initialState(), event);
      before = revision - 1n;
    }
    if (page.length < PAGE || before === undefined || before < 0n) return undefined;
  }
}
