import { decodeEvent } from '../../domain/events/catalogue.js';
import type { EventStore } from '../../eventstore/event-store.js';

const PAGE = 100;

/** The refund or adjustment that names the hold, if it was recorded: what it took (positive quota) and where it stands. */
export async function findTakeBack(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  holdId: string,
): Promise<{ readonly charge: bigint; readonly position: bigint } | undefined> {
  for (let from = 0n; ; from += BigInt(PAGE)) {
    const page = await store.readStream(stream, { from, limit: PAGE });
    for (const recorded of page) {
      if (recorded.passedOver) continue;
      const { type, data } = decodeEvent(recorded.type, recorded.data);
      if (type !== 'payment-refunded' && type !== 'balance-adjusted') continue;
      if (data.hold_id !== holdId) continue;
      return { charge: data.quota < 0n ? -data.quota : data.quota, position: recorded.position };
    }
    if (page.length < PAGE) return undefined;
  }
}
