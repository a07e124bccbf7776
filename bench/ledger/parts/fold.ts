import { BEFORE_FIRST, type EventStore, type RecordedEvent } from '../../../src/eventstore/event-store.js';
import { readLog } from '../../../src/eventstore/read-log.js';
import { movementOf } from '../../../src/projections/movement.js';
import { decodeTold } from '../../../src/projections/runtime/decode-event.js';
import { type Subject, timed } from '../contest.js';
import { names } from '../report.js';
import type { Stage } from '../stage.js';

type Balances = Map<string, bigint>;

/** Texts that are in memory at once at most. */
const IN_MEMORY = 200_000;
const EVENTS_A_PAGE = 10_000;

/**
 * Balances folded from the embedded store, every event checked, beside JSON.parse and a fold of the same events in memory,
 * unchecked. They must come to the same.
 */
export async function foldSubjects({ store, events }: Stage): Promise<readonly Subject[]> {
  const texts: { readonly type: string; readonly data: string }[] = [];
  for await (const page of readLog(store, { after: BEFORE_FIRST }))
    for (const { type, data } of page.events)
      if (texts.length < IN_MEMORY) texts.push({ type, data: JSON.stringify(data) });
  const folded = await foldStore(store, BigInt(texts.length) - 1n);
  return [
    {
      name: names.foldStore,
      turn: async () => ({ count: events, seconds: await timed(() => foldStore(store)) }),
    },
    {
      name: names.foldMemory,
      turn: async () => {
        let balances: Balances = new Map();
        const seconds = await timed(() => Promise.resolve((balances = foldTexts(texts))));
        assertEqual(balances, folded);
        return { count: texts.length, seconds };
      },
    },
  ];
}

async function foldStore(store: EventStore, until?: bigint): Promise<Balances> {
  const balances: Balances = new Map();
  const onEvent = (recorded: RecordedEvent): void => {
    if (until !== undefined && recorded.position > until) return;
    const movement = movementOf(decodeTold(recorded));
    if (movement) add(balances, movement.accountId, movement.amount);
  };
  for (let after = BEFORE_FIRST; ;) {
    const page = await store.readAll({ after, limit: EVENTS_A_PAGE, onEvent });
    if (page.atEnd) return balances;
    after = page.position;
  }
}

function foldTexts(texts: readonly { readonly type: string; readonly data: string }[]): Balances {
  const balances: Balances = new Map();
  for (const { type, data } of texts) {
    const event = JSON.parse(data) as Record<string, string>;
    const amount = amountOf(type, event);
    if (amount !== undefined) add(balances, event.account_id ?? '', amount);
  }
  return balances;
}

function amountOf(
  type: string,
  { quota = '0', difference = '0' }: Record<string, string>,
): bigint | undefined {
  if (type === 'consumption-corrected') return -BigInt(difference);
  if (/^(?:consumption-recorded|call-abandoned|payment-refunded|payment-taken-back)/.test(type))
    return -BigInt(quota);
  return /^(?:payment-credited|balance-adjusted)/.test(type) ? BigInt(quota) : undefined;
}

function add(balances: Balances, accountId: string, amount: bigint): void {
  balances.set(accountId, (balances.get(accountId) ?? 0n) + amount);
}

function assertEqual(one: Balances, other: Balances): void {
  const different = [...one].filter(([accountId, amount]) => other.get(accountId) !== amount);
  if (one.size !== other.size || different.length > 0)
    throw new Error(`two folds of the same events differ in ${different.length} accounts`);
}
