import type { WrongLogReason } from '../../../src/eventstore/wrong-log.js';

/** What a ledger consists of, and what each of it may be found as. */
export const PARTS = ['log', 'tables', 'redis', 'spool'] as const;
export const STATES = ['right', 'older', 'empty', "another's"] as const;
export type Part = (typeof PARTS)[number];
export type State = (typeof STATES)[number];
export type Cell = Readonly<Record<Part, State>>;

/** Log and tables: what a process looks at first. */
export const PAIRS = STATES.flatMap((log) => STATES.map((tables) => ({ log, tables })));

/** Of one start, or one disturbance: a ledger's parts, and every spool that is found at once. */
export interface Trial extends Omit<Cell, 'spool'> {
  readonly spools: readonly State[];
}

export const nameOf = (cell: Partial<Cell>): string =>
  PARTS.flatMap((part) => (cell[part] ? `${part}: ${cell[part]}` : [])).join(', ');

/** Holds for the cells whose parts are all in `when`; a part that is left out may be anything. */
export interface Rule {
  readonly when: Readonly<Partial<Record<Part, readonly State[]>>>;
  readonly says: 'goes on' | WrongLogReason;
  readonly why: string;
}

/** The first one that holds for a cell counts. Said without a look at the program: who remembers more than the log has, or another log, says no. */
export const AT_START: readonly Rule[] = [
  { when: { log: ['right'], tables: ['right', 'older'] }, says: 'goes on', why: 'tables follow the log' },
  {
    when: { log: ['older'], tables: ['right'] },
    says: 'older',
    why: 'the tables were made of what the log lacks',
  },
  {
    when: { log: ['older'], tables: ['older'], redis: ['right'] },
    says: 'older',
    why: 'a balance would be held against that knows charges which the log lacks',
  },
  {
    when: { log: ['older'], tables: ['older'], spool: ['right'] },
    says: 'older',
    why: 'charges were begun behind what the log lacks',
  },
  {
    when: { log: ['older'], tables: ['older'] },
    says: 'goes on',
    why: 'nobody remembers more: it is the moment of the copy',
  },
  { when: { log: ['empty'], tables: ['empty'] }, says: 'goes on', why: 'a new ledger' },
  { when: { log: ["another's"], tables: ["another's"] }, says: 'goes on', why: 'another ledger, whole' },
  { when: { log: ['empty'] }, says: 'not-founded', why: 'the tables have had a log' },
  { when: {}, says: 'another-ledger', why: 'log and tables are of two ledgers' },
];

/** A process that has begun with the right parts remembers them itself. */
export const WHILE_RUNNING: readonly Rule[] = [
  { when: { log: ['right'], tables: ['right', 'older'] }, says: 'goes on', why: 'tables follow the log' },
  {
    when: { tables: ['empty', "another's"] },
    says: 'another-database',
    why: 'no connection is used to the database of another ledger',
  },
  { when: { log: ['older'] }, says: 'older', why: 'the process has seen more of it' },
  { when: { log: ['empty'] }, says: 'not-founded', why: 'it had a log' },
  { when: { log: ["another's"] }, says: 'another-ledger', why: 'the log says so' },
];

export function ruleFor(rules: readonly Rule[], cell: Partial<Cell>): Rule {
  const rule = rules.find(({ when }) =>
    PARTS.every((part) => !when[part] || (cell[part] && when[part].includes(cell[part]))),
  );
  if (!rule) throw new Error(`no rule says anything about ${nameOf(cell)}`);
  return rule;
}

/**
 * All cells of a log and its tables. Spool files are judged one by one, so that cells which a rule says the same of, whatever the spool,
 * are tried together; `COUNTERFOIL_TEST_EACH_CELL=1` tries each by itself.
 */
export function trialsOf(rules: readonly Rule[], pair: Pick<Cell, 'log' | 'tables'>): readonly Trial[] {
  return STATES.flatMap((redis) => {
    const alike = new Map<unknown, State[]>();
    for (const spool of STATES) {
      const rule = ruleFor(rules, { ...pair, redis, spool });
      const key = process.env.COUNTERFOIL_TEST_EACH_CELL ? spool : rule;
      alike.set(key, [...(alike.get(key) ?? []), spool]);
    }
    return [...alike.values()].map((spools) => ({ ...pair, redis, spools }));
  });
}

/** Whether a spool file is of the log that it meets. */
export const isMeant = ({ log, spool }: Pick<Cell, 'log' | 'spool'>): boolean =>
  log === "another's" ? spool === "another's" : log !== 'empty' && spool !== "another's";
