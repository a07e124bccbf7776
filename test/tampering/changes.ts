import type { Verdict } from '../../src/transparency/monitor.js';

/** `stops`: nothing is read or written any more, with words. `verify`: only who verifies hears of it. */
export type Found = 'stops' | 'verify' | 'nobody';

type Expected = readonly [live: Found, restarted: Found, rebuilt: Found, thirdParty: Verdict];

/** What a person with all rights in the database does to a log of twelve events or so, as SQL, triggers off. */
export interface Change {
  readonly what: string;
  /**
   * Expected of a process that runs, of one that starts, and of who makes all tables anew: see `Found`; and of a third party with the last
   * checkpoint from before.
   */
  readonly found: Expected;
  /** Where it is another there than in PostgreSQL. */
  readonly inEventStoreDb?: Expected | 'is not there';
  /** The tables are made anew by whoever did it, so that they say the same: the last of all, since nothing puts them back. */
  readonly withTables?: true;
  /** The whole database is another ledger's, of another master key. */
  readonly anotherLedger?: true;
  readonly sql: (ids: Ids) => readonly string[];
}

/** Of the ledger that is tampered with. */
export interface Ids {
  /** Positions of a payment alone in its stream, of one that is not the first of the account's, and of the last event. */
  readonly payment: bigint;
  readonly other: bigint;
  readonly last: bigint;
  /** Of the two events before that. */
  readonly beforeLast: bigint;
  readonly older: bigint;
  /** A position of the middle of a stream of several. */
  readonly middle: bigint;
  readonly sealing: bigint;
}

const at = (position: bigint): string => `WHERE position = ${position}`;

/** In two steps, since every position is there once at any moment. */
const shift = (condition: string, by: bigint): readonly string[] => [
  `UPDATE events SET position = -1000 - position - (${by}) WHERE ${condition}`,
  'UPDATE events SET position = -1000 - position WHERE position < -500',
];
const headTo = (position: bigint): string => `UPDATE log_head SET position = ${position}`;

const forged = (stream: string, revision: string, data: string, metadata = `'{"actor":"service-key:1"}'`) =>
  `INSERT INTO events (position, stream, revision, id, type, data, metadata, recorded_at)
   SELECT head.position + 1, ${stream}, ${revision}, gen_random_uuid(), type, ${data}, ${metadata}::json, now()
   FROM events, log_head AS head`;

/** Each by what a person would call it. */
export const changes: readonly Change[] = [
  {
    what: 'a payment is raised from $10 to $1,010',
    found: ['verify', 'verify', 'stops', 'stale'],
    sql: ({ payment }) => [
      `UPDATE events SET data = replace(replace(data::text, '"5000000"', '"505000000"'), '"10"', '"1010"')::json ${at(payment)}`,
    ],
  },
  {
    what: 'who did it is another',
    found: ['verify', 'verify', 'stops', 'stale'],
    sql: ({ payment }) => [
      `UPDATE events SET metadata = ('{"actor":"operator:ann",' || substr(metadata::text, 2))::json ${at(payment)}`,
    ],
  },
  {
    what: 'an id is another',
    found: ['verify', 'verify', 'stops', 'stale'],
    sql: ({ payment }) => [`UPDATE events SET id = gen_random_uuid() ${at(payment)}`],
  },
  {
    what: 'a type is another',
    found: ['verify', 'verify', 'stops', 'stale'],
    sql: ({ payment }) => [`UPDATE events SET type = 'payment-credited.v1' ${at(payment)}`],
  },
  {
    what: 'an event is in another stream',
    found: ['verify', 'verify', 'stops', 'stale'],
    sql: ({ payment }) => [`UPDATE events SET stream = stream || '0' ${at(payment)}`],
  },
  {
    what: "an event is in a stream of nobody's",
    found: ['verify', 'verify', 'stops', 'stale'],
    inEventStoreDb: ['verify', 'verify', 'verify', 'shrunk'],
    sql: ({ payment }) => [
      `UPDATE events SET stream = 'x' || stream, metadata = '{"actor":"test"}' ${at(payment)}`,
    ],
  },
  {
    what: "a type is one of the server's",
    found: ['verify', 'verify', 'stops', 'stale'],
    inEventStoreDb: ['verify', 'verify', 'verify', 'shrunk'],
    sql: ({ payment }) => [`UPDATE events SET type = '$' || type ${at(payment)}`],
  },
  {
    what: 'white space in what an event says',
    found: ['verify', 'verify', 'stops', 'stale'],
    sql: ({ payment }) => [`UPDATE events SET data = ('{ ' || substr(data::text, 2))::json ${at(payment)}`],
  },
  {
    what: 'an event says another amount before its own, which no parser tells',
    found: ['verify', 'verify', 'stops', 'stale'],
    sql: ({ payment }) => [
      `UPDATE events SET data = ('{"quota":"505000000",' || substr(data::text, 2))::json ${at(payment)}`,
    ],
  },
  {
    what: 'a seal is taken off',
    found: ['verify', 'verify', 'stops', 'stale'],
    sql: ({ payment }) => [`UPDATE events SET metadata = '{"actor":"test"}' ${at(payment)}`],
  },
  {
    what: 'an event is back-dated by a day',
    found: ['verify', 'verify', 'verify', 'forked'],
    sql: ({ payment }) => [`UPDATE events SET recorded_at = recorded_at - interval '1 day' ${at(payment)}`],
  },
  {
    what: 'an event is back-dated by a minute',
    found: ['verify', 'verify', 'verify', 'forked'],
    sql: ({ payment }) => [
      `UPDATE events SET recorded_at = recorded_at - interval '1 minute' ${at(payment)}`,
    ],
  },
  {
    what: 'an event is dated a day later',
    found: ['verify', 'verify', 'verify', 'forked'],
    sql: ({ payment }) => [`UPDATE events SET recorded_at = recorded_at + interval '1 day' ${at(payment)}`],
  },
  {
    what: 'an event is dated a minute later',
    found: ['verify', 'verify', 'verify', 'forked'],
    sql: ({ payment }) => [
      `UPDATE events SET recorded_at = recorded_at + interval '1 minute' ${at(payment)}`,
    ],
  },
  {
    what: 'the time of a seal is another',
    found: ['verify', 'verify', 'stops', 'stale'],
    sql: ({ payment }) => [
      `UPDATE events SET metadata = regexp_replace(metadata::text, '[.][0-9]{13}[.]', '.1700000000000.')::json ${at(payment)}`,
    ],
  },
  {
    what: 'the key of a seal is another',
    found: ['verify', 'verify', 'stops', 'stale'],
    sql: ({ payment }) => [
      `UPDATE events SET metadata = regexp_replace(metadata::text, '"[0-9a-f]{8}[.]', '"00000000.')::json ${at(payment)}`,
    ],
  },
  {
    what: 'a revision is another',
    found: ['verify', 'verify', 'stops', 'stale'],
    sql: ({ payment }) => [`UPDATE events SET revision = revision + 1 ${at(payment)}`],
  },
  {
    what: 'an event is at the end, and its place empty',
    found: ['stops', 'stops', 'stops', 'stale'],
    inEventStoreDb: ['verify', 'verify', 'verify', 'forked'],
    sql: ({ payment, last }) => [
      `UPDATE events SET position = ${last + 1n} ${at(payment)}`,
      headTo(last + 1n),
    ],
  },
  {
    what: 'an event is deleted',
    found: ['stops', 'stops', 'stops', 'stale'],
    inEventStoreDb: ['verify', 'verify', 'verify', 'shrunk'],
    sql: ({ payment }) => [`DELETE FROM events ${at(payment)}`],
  },
  {
    what: 'an event alone in its stream is deleted, the rest renumbered',
    found: ['stops', 'stops', 'verify', 'shrunk'],
    sql: ({ payment, last }) => [
      `DELETE FROM events ${at(payment)}`,
      ...shift(`position > ${payment}`, -1n),
      headTo(last - 1n),
    ],
  },
  {
    what: 'an event within a stream is deleted, positions and revisions renumbered',
    found: ['stops', 'stops', 'stops', 'stale'],
    sql: ({ middle, last }) => [
      `UPDATE events e SET revision = -e.revision FROM events gone
       WHERE gone.position = ${middle} AND e.stream = gone.stream AND e.revision > gone.revision`,
      `DELETE FROM events ${at(middle)}`,
      'UPDATE events SET revision = -revision - 1 WHERE revision < 0',
      ...shift(`position > ${middle}`, -1n),
      headTo(last - 1n),
    ],
  },
  {
    what: 'what two events say is swapped',
    found: ['verify', 'verify', 'stops', 'stale'],
    sql: ({ payment, other }) => [
      `UPDATE events one SET data = two.data, metadata = two.metadata, id = two.id FROM events two
       WHERE (one.position, two.position) IN ((${payment}, ${other}), (${other}, ${payment}))`,
    ],
  },
  {
    what: 'two events of two streams change places',
    found: ['verify', 'verify', 'verify', 'forked'],
    sql: ({ payment, other }) => [
      `UPDATE events SET position = -1 ${at(payment)}`,
      `UPDATE events SET position = ${payment} ${at(other)}`,
      `UPDATE events SET position = ${other} ${at(-1n)}`,
    ],
  },
  {
    what: 'the tail is cut',
    found: ['stops', 'stops', 'verify', 'shrunk'],
    sql: ({ older }) => [`DELETE FROM events WHERE position > ${older}`, headTo(older)],
  },
  {
    what: 'a credit is forged by append_events()',
    found: ['stops', 'stops', 'stops', 'stale'],
    sql: ({ payment }) => [
      `SELECT append_events(json_build_array(json_build_object('c', 0, 's', 'payment-' || gen_random_uuid(), 'e', -1, 'v',
         json_build_array(json_build_object('i', gen_random_uuid(), 't', type, 'd', replace(data::text, 'pi_1', 'pi_9'),
         'm', '{"actor":"service-key:1"}'))))) FROM events ${at(payment)}`,
    ],
  },
  {
    what: 'a credit is forged in the right shape, with a seal of nobody',
    found: ['stops', 'stops', 'stops', 'stale'],
    sql: ({ payment, last }) => [
      `${forged(
        `'payment-' || gen_random_uuid()`,
        '0',
        `replace(data::text, 'pi_1', 'pi_9')::json`,
        `regexp_replace(metadata::text, '.{43}"}$', repeat('A', 43) || '"}')`,
      )} WHERE events.position = ${payment}`,
      headTo(last + 1n),
    ],
  },
  {
    what: 'a sealed event stands once more in another stream',
    found: ['stops', 'stops', 'stops', 'stale'],
    sql: ({ payment, last }) => [
      `${forged(`'payment-' || gen_random_uuid()`, '0', 'data', 'metadata::text')} WHERE events.position = ${payment}`,
      headTo(last + 1n),
    ],
  },
  {
    what: 'a sealed event stands once more behind its stream',
    found: ['stops', 'stops', 'stops', 'stale'],
    sql: ({ payment, last }) => [
      `${forged('stream', 'revision + 1', 'data', 'metadata::text')} WHERE events.position = ${payment}`,
      headTo(last + 1n),
    ],
  },
  {
    what: 'an event is put into the middle, the rest renumbered',
    found: ['stops', 'stops', 'stops', 'stale'],
    sql: ({ payment, last }) => [
      ...shift(`position > ${payment}`, 1n),
      `INSERT INTO events SELECT ${payment + 1n}, 'payment-' || gen_random_uuid(), 0, gen_random_uuid(), type,
         replace(data::text, 'pi_1', 'pi_9')::json, '{"actor":"service-key:1"}', recorded_at FROM events ${at(payment)}`,
      headTo(last + 1n),
    ],
  },
  {
    what: 'a credit is forged before the word that the log is sealed, the rest renumbered',
    found: ['stops', 'stops', 'stops', 'stale'],
    sql: ({ payment, sealing, last }) => [
      ...shift(`position >= ${sealing}`, 1n),
      `INSERT INTO events SELECT ${sealing}, 'payment-' || gen_random_uuid(), 0, gen_random_uuid(), type,
         replace(data::text, 'pi_1', 'pi_9')::json, '{"actor":"service-key:1"}', recorded_at FROM events ${at(payment + 1n)}`,
      headTo(last + 1n),
    ],
  },
  {
    what: 'a credit is forged before all that the log says of itself, the rest renumbered',
    found: ['stops', 'stops', 'stops', 'stale'],
    sql: ({ payment, last }) => [
      ...shift('position >= 0', 1n),
      `INSERT INTO events SELECT 0, 'payment-' || gen_random_uuid(), 0, gen_random_uuid(), type,
         replace(data::text, 'pi_1', 'pi_9')::json, '{"actor":"service-key:1"}', recorded_at FROM events ${at(payment + 1n)}`,
      headTo(last + 1n),
    ],
  },
  {
    what: 'the word that the log is sealed is taken out, the rest renumbered',
    found: ['stops', 'stops', 'stops', 'shrunk'],
    sql: ({ sealing, last }) => [
      `DELETE FROM events ${at(sealing)}`,
      ...shift(`position > ${sealing}`, -1n),
      headTo(last - 1n),
    ],
  },
  {
    what: 'it says to skip an event',
    found: ['stops', 'stops', 'stops', 'stale'],
    sql: ({ payment, last }) => [
      `INSERT INTO events SELECT ${last + 1n}, 'ledger', 2, gen_random_uuid(), 'event-skipped.v1', json_build_object(
         'ledger_id', (SELECT data ->> 'ledger_id' FROM events WHERE stream = 'ledger' AND revision = 0),
         'position', position::text, 'event', json_build_object('id', id, 'stream', stream, 'revision', revision::text, 'type', type),
         'reason', 'x', 'by', 'operator:ann'), '{"actor":"operator:ann"}', now() FROM events ${at(payment)}`,
      headTo(last + 1n),
    ],
  },
  {
    what: 'the head is lowered',
    found: ['stops', 'nobody', 'verify', 'ok'],
    inEventStoreDb: 'is not there',
    sql: ({ last }) => [headTo(last - 1n)],
  },
  {
    what: 'the head is raised',
    found: ['verify', 'verify', 'verify', 'ok'],
    inEventStoreDb: 'is not there',
    sql: ({ last }) => [headTo(last + 1n)],
  },
  {
    what: 'the log is closed',
    found: ['nobody', 'nobody', 'nobody', 'ok'],
    inEventStoreDb: 'is not there',
    sql: () => [`UPDATE log_head SET closed_because = 'moved'`],
  },
  {
    what: "the whole database is another ledger's",
    found: ['stops', 'stops', 'stops', 'stale'],
    anotherLedger: true,
    sql: () => [
      'DELETE FROM events',
      'INSERT INTO events TABLE other_events',
      'UPDATE log_head SET position = (SELECT max(position) FROM events)',
    ],
  },
  {
    what: 'the whole database is put back to yesterday',
    found: ['stops', 'nobody', 'nobody', 'shrunk'],
    withTables: true,
    sql: ({ older }) => [`DELETE FROM events WHERE position > ${older}`, headTo(older)],
  },
];
