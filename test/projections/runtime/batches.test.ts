import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createMemoryEventStore } from '../../../src/eventstore/memory/memory-event-store.js';
import { withTransaction } from '../../../src/postgres/pool.js';
import { allProjections } from '../../../src/projections/all-projections.js';
import { applyBatch } from '../../../src/projections/runtime/apply-batch.js';
import { readCheckpoints } from '../../../src/projections/runtime/checkpoints.js';
import { decodeRecorded } from '../../../src/projections/runtime/decode-event.js';
import { digestTables } from '../../../src/projections/runtime/digest.js';
import { OutOfOrder } from '../../../src/projections/runtime/faults.js';
import { installProjections } from '../../../src/projections/runtime/install.js';
import { type Batch, type LedgerEvent, schemaOf } from '../../../src/projections/runtime/projection.js';
import { append } from '../../support/events.js';
import { choiceArbitrary, type Choice, historyOf } from '../../support/history.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';

const projections = allProjections('Asia/Shanghai');
const names = projections.map(({ name }) => name);

describe('batches', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  /** Tables as after the given batches, from nothing. */
  async function digestsAfter(batches: readonly Batch[], apply = applyInTurn): Promise<unknown> {
    for (const { name } of projections)
      await database.pool.query(`DROP SCHEMA IF EXISTS ${schemaOf(name)} CASCADE`);
    await database.pool.query('DELETE FROM projection_checkpoints');
    await installProjections(database.pool, projections);
    await apply(batches);
    return digests();
  }

  async function digests(): Promise<unknown> {
    return withTransaction(database.pool, async (tx) => {
      const all = [];
      for (const projection of projections)
        all.push({ name: projection.name, tables: await digestTables(tx, projection) });
      const checkpoints = await readCheckpoints(tx, names, 'live');
      return { all, checkpoints };
    });
  }

  async function applyInTurn(batches: readonly Batch[]): Promise<void> {
    for (const batch of batches) await applyBatch(database.pool, projections, batch);
  }

  it('end in the same rows however the log is cut, repeated or handed to two projectors at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(choiceArbitrary, { minLength: 1, maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }),
        async (choices, sizes) => {
          const events = await recorded(choices);
          const whole = await digestsAfter(cut(events, [events.length]));
          expect(await digestsAfter(cut(events, [1]))).toEqual(whole);
          expect(await digestsAfter(cut(events, sizes))).toEqual(whole);
          const twice = cut(events, sizes).flatMap((batch) => [batch, batch]);
          expect(await digestsAfter(twice)).toEqual(whole);
          const racing = await digestsAfter(cut(events, sizes), async (batches) => {
            for (const batch of batches) await Promise.all([applyInTurn([batch]), applyInTurn([batch])]);
          });
          expect(racing).toEqual(whole);
        },
      ),
      { numRuns: 8 },
    );
  }, 120_000);

  it('a part that was applied before is left out, the rest is applied', async () => {
    const events = await recorded(['credit', 'charge', 'charge', 'refund'].map(choice));
    const whole = await digestsAfter(cut(events, [events.length]));
    const [first] = cut(events, [3]);
    const all = cut(events, [events.length]);
    expect(await digestsAfter([...(first ? [first] : []), ...all])).toEqual(whole);
  });

  it('one that begins behind a gap is refused and changes nothing', async () => {
    const events = await recorded(['credit', 'charge', 'charge'].map(choice));
    const [first, , third] = cut(events, [2]);
    if (!first || !third) throw new Error('three batches are needed');
    const before = await digestsAfter([first]);
    await expect(applyBatch(database.pool, projections, third)).rejects.toThrow(OutOfOrder);
    expect(await digests()).toEqual(before);
  });
});

const choice = (action: string): Choice => ({ account: 0, action: action as Choice['action'], amount: 100 });

async function recorded(choices: readonly Choice[]): Promise<readonly LedgerEvent[]> {
  let now = Date.UTC(2026, 10, 29);
  // Six hours apart, so that days and months change on the way.
  const store = createMemoryEventStore({ now: () => new Date((now += 6 * 3600 * 1000)) });
  await append(store, ...historyOf(choices));
  const page = await store.readAll({ after: -1n, limit: 10_000 });
  return page.events.map(decodeRecorded);
}

/** Batches of the given sizes, again and again. */
function cut(events: readonly LedgerEvent[], sizes: readonly number[]): readonly Batch[] {
  const batches: Batch[] = [];
  let after = -1n;
  for (let from = 0, turn = 0; from < events.length; turn++) {
    const part = events.slice(from, from + (sizes[turn % sizes.length] ?? 1));
    const position = part.at(-1)?.position ?? after;
    batches.push({ after, position, events: part });
    after = position;
    from += part.length;
  }
  return batches;
}
