import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createMemoryEventStore } from '../../../src/eventstore/memory/memory-event-store.js';
import type { Poison } from '../../../src/projections/runtime/faults.js';
import { accountStream } from '../../../src/domain/streams.js';
import { eventually, PATIENCE_MS } from '../../support/eventually.js';
import { ACCOUNT_ID, anEvent, append, appendRaw, eventData } from '../../support/events.js';
import { createLedger, type Ledger } from '../projector-setup.js';

const strange = { id: randomUUID(), type: 'payment-credited.v9', data: { secret: 'hush' }, metadata: {} };

describe('an event that cannot be projected', () => {
  let ledger: Ledger;
  beforeEach(async () => {
    ledger = await createLedger();
  });
  afterEach(() => ledger.close());

  it('stops the ledger, which names it, after all that came before it; statistics go past', async () => {
    const stopped: Error[] = [];
    const quarantined: Poison[] = [];
    const projector = await ledger.start({
      observer: {
        stopped: (_group, error) => void stopped.push(error),
        quarantined: (_group, poison) => void quarantined.push(poison),
      },
    });
    await append(ledger.store, anEvent('account-registered'), anEvent('payment-credited'));
    await appendRaw(ledger.store, [{ stream: 'payment-odd', event: strange }]);
    const last = await append(ledger.store, anEvent('consumption-recorded'));
    await eventually(() => stopped.length === 1);
    const [statusOfLedger, statusOfStatistics] = await eventually(async () => {
      const status = await projector.status();
      if (status[1]?.position !== last) throw new Error('statistics are not there yet');
      return status;
    });
    expect(statusOfLedger).toMatchObject({
      state: 'stopped',
      position: 1n,
      lagPositions: 2n,
      stoppedBecause:
        'payment-credited.v9 at revision 0 of payment-odd, position 2, cannot be projected: payment-credited.v9: no such event is known',
      poison: { stream: 'payment-odd', revision: 0n, type: 'payment-credited.v9', position: 2n },
    });
    expect(statusOfStatistics).toMatchObject({ state: 'running', lagPositions: 0n, lagSeconds: 0 });
    expect(quarantined).toMatchObject([{ position: 2n }]);
    await expect(ledger.reads.account('user-1')).resolves.toMatchObject({ balance: 5_000_000n });
    await expect(
      ledger.rows('SELECT projection, position, stream, type FROM projection_quarantine ORDER BY projection'),
    ).resolves.toEqual(
      ['acts', 'statistics'].map((projection) => ({
        ...{ projection, position: 2n, stream: 'payment-odd', type: 'payment-credited.v9' },
      })),
    );
    await expect(ledger.reads.waitFor(last, 20)).resolves.toBe(false);
  });

  it('is found in the middle of a batch when the database refuses it, and its values are not shown', async () => {
    await append(
      ledger.store,
      anEvent('account-registered'),
      anEvent('payment-credited'),
      anEvent('payment-refunded', { payment_id: 'pi_unknown' }),
      anEvent('consumption-recorded'),
    );
    const projector = await ledger.start();
    const poison = await eventually(async () => {
      const [status] = await projector.status();
      if (!status?.poison) throw new Error('not stopped yet');
      return status.poison;
    });
    expect(poison).toMatchObject({
      stream: 'payment-pi_unknown',
      type: 'payment-refunded.v2',
      position: 2n,
      reason: 'SQLSTATE 23503 (refunds_payment_id_fkey)',
    });
    await expect(ledger.reads.account('user-1')).resolves.toMatchObject({
      balance: 5_000_000n,
      totalRequests: 0,
    });
  });

  it('is one about a token that was never issued, too', async () => {
    await append(ledger.store, anEvent('token-renamed'));
    const projector = await ledger.start();
    await eventually(async () => (await projector.status())[0]?.poison?.position === 0n);
  });
});

describe('a log that is not the one the tables were made from', () => {
  let ledger: Ledger;
  beforeEach(async () => {
    ledger = await createLedger();
    const projector = await ledger.start();
    await ledger.given(anEvent('account-registered'), anEvent('payment-credited'));
    await projector.stop();
  });
  afterEach(() => ledger.close());

  it('is refused when it ends before the checkpoint', async () => {
    const empty = createMemoryEventStore();
    await expect(ledger.start({ store: empty })).rejects.toMatchObject({
      name: 'WrongLog',
      message: expect.stringContaining('found that it is not there'),
    });
  });

  it('is refused when it has another event at the last applied place', async () => {
    const other = createMemoryEventStore();
    await append(other, anEvent('account-registered'), anEvent('payment-credited'));
    await expect(ledger.start({ store: other })).rejects.toMatchObject({ name: 'WrongLog' });
  });

  it('is not refused when it is the same', async () => {
    const projector = await ledger.start();
    const position = await appendRaw(ledger.store, [
      { stream: accountStream(ACCOUNT_ID), event: eventData(anEvent('account-suspended')) },
    ]);
    await expect(ledger.reads.waitFor(position, PATIENCE_MS)).resolves.toBe(true);
    expect((await projector.status())[0]).toMatchObject({ state: 'running', position });
  });
});
