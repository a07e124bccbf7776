import { v5 as uuid5 } from 'uuid';
import { makeHistory, MIN_EVENTS_AN_ACCOUNT } from '../../../src/cli/generate/history.js';
import { placed } from '../../../src/cli/generate/write-history.js';
import { typeOfStored } from '../../../src/domain/events/versions.js';
import { ledgerStream, settingStream } from '../../../src/domain/streams.js';
import type { PlacedEvent, RecordedEvent } from '../../../src/eventstore/event-store.js';
import { tellChapter } from './chapter.js';
import {
  everyStoredName,
  exampleInForce,
  SAID_OF_SEALS,
  TOLD_BY_MOVES,
  withWhatItTakes,
} from './stored-events.js';

export interface WholeLedger {
  readonly ledgerId: string;
  /** At least 1,000. */
  readonly events: number;
  readonly from: Date;
  readonly days: number;
}

type Happening = Pick<PlacedEvent, 'stream' | 'type' | 'data'>;

const NAMESPACE = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c07';
const DAY_MS = 86_400_000;
const EVENTS_AN_ACCOUNT = 10 * MIN_EVENTS_AN_ACCOUNT;
/** Versions of the price list that the generated history has. */
const PRICE_LISTS = 3;
/** In a log that was accepted as an older copy once. */
export const GENERATION = 1;

/**
 * A ledger with a past: calls, top-ups and what goes with them of many customers, and among these every event that was ever stored, in every
 * version, each with what had to happen before it. One event is unreadable and was skipped. Left out is what only a move can say of a log.
 * The same options make the same ledger, of exactly as many events as asked for.
 */
export function* wholeLedger(
  options: WholeLedger,
): Generator<PlacedEvent & Pick<RecordedEvent, 'recordedAt'>> {
  const revisions = new Map<string, bigint>();
  let position = 0;
  for (const { stream, type, data } of happenings(options)) {
    const revision = (revisions.get(stream) ?? -1n) + 1n;
    revisions.set(stream, revision);
    const id = uuid5(`${stream}@${revision}`, NAMESPACE);
    const recordedAt = timeAt(options, position);
    const received_at = new Date(recordedAt.getTime() - 7).toISOString();
    const metadata = { actor: 'operator:test', ...(position % 3 === 0 && { received_at }) };
    yield { id, stream, revision, type, data, metadata, recordedAt };
    position += 1;
  }
}

const timeAt = ({ from, days, events }: WholeLedger, position: number): Date =>
  new Date(from.getTime() + Math.floor((position / events) * days * DAY_MS));

function* happenings(options: WholeLedger): Generator<Happening> {
  const { ledgerId, events, from } = options;
  const accounts = Math.floor(events / EVENTS_AN_ACCOUNT);
  const names = chapters();
  const told = names.flatMap(withWhatItTakes).length + 3;
  const customers = makeHistory({ seed: 'whole ledger', accounts, events: events - told, from });
  const untilNext = Math.floor((events - told) / (names.length + 1));
  const cast = { ledgerId, above: accounts, priceVersion: PRICE_LISTS, chapter: 0, at: from };
  yield* tellChapter([exampleInForce('ledger-founded')], cast);
  let [position, since] = [1, 0];
  for (const { stream, type, data } of placed(customers, () => undefined)) {
    yield { stream, type, data };
    position += 1;
    since += 1;
    const name = since < untilNext ? undefined : names[cast.chapter];
    if (name === undefined) continue;
    since = 0;
    cast.chapter += 1;
    cast.at = timeAt(options, position);
    if (typeOfStored(name) === 'price-list-published') cast.priceVersion += 1;
    const chapter = tellChapter(withWhatItTakes(name), cast);
    yield* chapter;
    position += chapter.length;
  }
  yield* skippedEvent(ledgerId, position);
}

/** Told last are versions of the price list: those that the customers are charged by come before them. */
function chapters(): readonly string[] {
  const own = new Set(['ledger-founded', SAID_OF_SEALS, 'event-skipped', ...TOLD_BY_MOVES]);
  const names = everyStoredName.filter((name) => !own.has(typeOfStored(name) as string));
  const isPrice = (name: string): boolean => typeOfStored(name) === 'price-list-published';
  return [...names.filter((name) => !isPrice(name)), ...names.filter(isPrice)];
}

/** Somebody wrote it by hand, and somebody else said that nothing is to be made of it. */
function skippedEvent(ledgerId: string, position: number): readonly Happening[] {
  const stream = settingStream('hold_policy');
  const type = 'mystery-happened.v1';
  const event = { id: uuid5(`${stream}@0`, NAMESPACE), stream, revision: '0', type };
  const { name, data } = exampleInForce('event-skipped');
  return [
    { stream, type, data: { written: 'by hand' } },
    {
      stream: ledgerStream,
      type: name,
      data: { ...data, ledger_id: ledgerId, position: `${position}`, event },
    },
  ];
}
