import { decodeEvent } from '../../domain/events/codec.js';
import type { EventStore } from '../../eventstore/event-store.js';

const PAGE = 100;

/**
 * The refund, adjustment or end of a grant that names the hold, if it was recorded: what it took (positive quota) and where it stands.
 * `awaited`: a grant was closed with it, and what was left is still to be taken.
 */
export async function findTakeBack(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  holdId: string,
): Promise<{ readonly charge: bigint; readonly position: bigint } | 'awaited' | undefined> {
  let isAwaited = false;
  for (let from = 0n; ; from += BigInt(PAGE)) {
    const page = await store.readStream(stream, { from, limit: PAGE });
    for (const recorded of page) {
      if (recorded.passedOver) continue;
      const { type, data } = decodeEvent(recorded.type, recorded.data);
      if (type === 'grant-closed') isAwaited ||= data.hold_id === holdId;
      if (!isTaking(type) || !('hold_id' in data) || !('quota' in data) || data.hold_id !== holdId) continue;
      return { charge: data.quota < 0n ? -data.quota : data.quota, position: recorded.position };
    }
    if (page.length < PAGE) return isAwaited ? 'awaited' : undefined;
  }
}

const TAKING: ReadonlySet<string> = new Set([
  'payment-refunded',
  'balance-adjusted',
  'grant-expired',
  'grant-withdrawn',
]);
const isTaking = (type: string): boolean => TAKING.has(type);
