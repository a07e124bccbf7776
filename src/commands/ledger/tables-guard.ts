import { setTimeout as wait } from 'node:timers/promises';
import { type WrongLogReason, wrongLogIn } from '../../eventstore/wrong-log.js';
import { Unavailable } from '../../support/unavailable.js';
import type { LogKind } from './expected-log.js';
import type { LogGuard } from './log-guard.js';

/** The read models may be another ledger's or older than they were: nothing is told from them until they are known to be right. */
export class TablesInDoubt extends Unavailable {
  override readonly name = 'TablesInDoubt';

  constructor(
    readonly reason: WrongLogReason,
    message: string,
  ) {
    super(message);
  }
}

/** How far each of the read models has come. */
export type ReachedPositions = ReadonlyMap<string, bigint>;

interface TablesGuardOptions {
  readonly log: Pick<LogGuard, 'doubt' | 'remembered'>;
  readonly kind: LogKind;
  /** @throws what the database says */
  readonly readReached: () => Promise<ReachedPositions>;
  /** The read models that `saw` speaks of: they are brought on together. */
  readonly ledgerProjections: readonly string[];
  /** Where the cached balance is, which is told only what the tables have; undefined where that is not known. */
  readonly cached: () => Promise<bigint | undefined>;
  /** How long a reader waits for tables that are behind; default 1,000. */
  readonly catchUpMs?: number;
}

/** Of the log alone, wherever it is kept: the tables are as they were. */
const TABLES_ARE_RIGHT: readonly WrongLogReason[] = ['altered', 'not-sealed', 'moved'];
/** The same where the log is not kept in the database that has the tables. `older`: where they have all that anybody remembers. */
const ELSEWHERE: readonly WrongLogReason[] = ['not-founded', 'another-ledger', 'older'];
/** Connections come while one is asked. */
const ASKED_AGAIN = 3;
/** Beside the right log older tables follow it at once. */
const CATCH_UP_MS = 1_000;
const POLL_MS = 50;
const NOWHERE = -1n;

/**
 * Knows whether the read models may be told from. Behind any new connection another database may stand, so that after each the next who reads
 * has it looked whether they are as far as they were; while the log is in doubt they are told from only where that says nothing of them.
 */
export class TablesGuard {
  /** How far each was when it was looked at, and how far the balances were told of. */
  private readonly seen = new Map<string, bigint>();
  private told = NOWHERE;
  /** How often a connection was made or lost, and up to which of these times the tables were found right. */
  private changes = 0;
  private rightSince = -1;
  private asking: Promise<void> | undefined;

  constructor(private readonly options: TablesGuardOptions) {}

  /** All up to there was in the tables. */
  saw(position: bigint): void {
    this.told = max(this.told, position);
  }

  /** Another database may stand where one was. */
  unsettle(): void {
    this.changes += 1;
  }

  /** What is read, where the tables are right before and after. @throws TablesInDoubt, and what the reading does */
  async reading<Answer>(read: () => Promise<Answer>): Promise<Answer> {
    await this.assertRight();
    const { changes } = this;
    const answer = await read();
    if (changes !== this.changes || this.options.log.doubt) await this.assertRight();
    return answer;
  }

  /** @throws TablesInDoubt, and what the database says */
  async assertRight(): Promise<void> {
    const { log, kind } = this.options;
    const { doubt } = log;
    if (doubt && !TABLES_ARE_RIGHT.includes(doubt.reason)) {
      if (kind === 'postgres' || !ELSEWHERE.includes(doubt.reason))
        throw new TablesInDoubt(doubt.reason, doubt.message);
    }
    if (doubt?.reason !== 'older' && this.rightSince === this.changes) return;
    await (this.asking ??= this.look().finally(() => (this.asking = undefined)));
  }

  private async look(): Promise<void> {
    const { log, catchUpMs = CATCH_UP_MS } = this.options;
    const untilMs = performance.now() + (log.doubt ? 0 : catchUpMs);
    for (let asked = 0; asked < ASKED_AGAIN; asked++) {
      const { changes } = this;
      await this.reachedBy(untilMs);
      this.rightSince = changes;
      if (changes === this.changes) return;
    }
  }

  private async reachedBy(untilMs: number): Promise<void> {
    for (;;)
      try {
        await this.assertReached();
        return;
      } catch (error) {
        const wrong = wrongLogIn(error);
        if (wrong) throw new TablesInDoubt(wrong.reason, wrong.message);
        if (!(error instanceof TablesInDoubt) || performance.now() > untilMs) throw error;
        await wait(POLL_MS);
      }
  }

  private async assertReached(): Promise<void> {
    const { cached, ledgerProjections, log, readReached } = this.options;
    this.saw((await cached().catch(() => undefined)) ?? NOWHERE);
    // What the log lacks, the tables must have.
    const remembered = log.doubt?.reason === 'older' ? log.remembered : NOWHERE;
    const reached = await readReached();
    const at = (name: string): bigint => reached.get(name) ?? NOWHERE;
    // One that is new has all of the log before it: the others have come further.
    const furthest = ledgerProjections.map(at).reduce(max, NOWHERE);
    assertAtLeast('the balances', furthest, max(this.told, remembered));
    for (const [name, position] of this.seen) assertAtLeast(`the read model ${name}`, at(name), position);
    for (const [name, position] of reached)
      this.seen.set(name, max(position, this.seen.get(name) ?? NOWHERE));
  }
}

/** @throws TablesInDoubt */
function assertAtLeast(what: string, found: bigint, least: bigint): void {
  if (found >= least) return;
  throw new TablesInDoubt(
    'older',
    `expected ${what} to reach position ${least}, as before; found that they end at ${found}: the database was put back to an older copy. Bring the newer one back; where this one is to be the database from now on, it follows the log by itself.`,
  );
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** The same reads, which are refused while the tables are in doubt. */
export function trustedReads<Reads extends object>(
  reads: Reads,
  tables: Pick<TablesGuard, 'reading'>,
): Reads {
  return new Proxy(reads, {
    get(target, name): unknown {
      const read: unknown = Reflect.get(target, name);
      if (typeof read !== 'function') return read;
      return (...given: unknown[]) =>
        tables.reading(() => Reflect.apply(read, target, given) as Promise<unknown>);
    },
  });
}
