import type { BatchWithRejects } from './apply-batch.js';
import { splitBatch } from './apply-batch.js';
import { faultOfEvents, poison, PoisonEvent } from './faults.js';

/**
 * Applies a batch; when the database refuses what is in it, halves it until the one event that is at fault stands alone.
 * What comes before that event is applied. The event itself is thrown as PoisonEvent, or rejected and gone past.
 */
export async function applyResolutely(
  batch: BatchWithRejects,
  apply: (batch: BatchWithRejects) => Promise<void>,
  onPoison: 'stop' | 'quarantine',
): Promise<void> {
  try {
    await apply(batch);
  } catch (error) {
    const reason = faultOfEvents(error);
    const [event] = batch.events;
    if (reason === undefined || event === undefined) throw error;
    if (batch.events.length > 1) {
      const [first, second] = splitBatch(batch, Math.floor(batch.events.length / 2) - 1);
      await applyResolutely(first, apply, onPoison);
      await applyResolutely({ ...second, rejects: batch.rejects ?? [] }, apply, onPoison);
      return;
    }
    const found = poison(event, reason);
    if (onPoison === 'stop') throw new PoisonEvent(found);
    await apply({ ...batch, events: [], rejects: [...(batch.rejects ?? []), found] });
  }
}
