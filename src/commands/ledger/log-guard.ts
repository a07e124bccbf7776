import type { AppliedEvent, SeenLog } from '../../eventstore/applied-event.js';
import { BEFORE_FIRST, EventStoreUnavailable, type RecordedEvent } from '../../eventstore/event-store.js';
import type { LogTrust, NewConnection } from '../../eventstore/log-trust.js';
import type { Seals } from '../../eventstore/seals.js';
import { NOTHING_SKIPPED, type SkippedPlaces } from '../../eventstore/skipped-places.js';
import { anotherClock, WrongLog, wrongLogIn } from '../../eventstore/wrong-log.js';
import type { ComparedClock } from '../../support/compared-clock.js';
import { repeat } from '../../support/repeat.js';
import type { ExpectedLog, LedgerInstance, LogKind } from './expected-log.js';
import { foundLedger } from './found-ledger.js';
import {
  assertKind,
  assertRightLog,
  assertSealed,
  assertSeen,
  foundMeanwhile,
  readLedger,
  type RecognisedLog,
} from './recognise-log.js';
import { readSealings } from './sealings.js';
import { type Witness, Witnesses } from './witnesses.js';

/** What a guard looks at beside the log. */
export interface LogGuardOptions {
  readonly kind: LogKind;
  /** @throws what the database says */
  readonly readInstance: () => Promise<LedgerInstance>;
  /** Writes down which log was recognised. */
  readonly noteLog: (log: { readonly kind: LogKind; readonly generation: number }) => Promise<void>;
  readonly readApplied: () => Promise<readonly AppliedEvent[]>;
  readonly now: () => Date;
  /** By which the process says when it writes; without it that is not looked at. */
  readonly clock?: Pick<ComparedClock, 'fault' | 'compare'> | undefined;
  /** What events are sealed by; without it seals are not looked at. */
  readonly seals?: Seals | undefined;
  /** Default: `optional`. */
  readonly sealedLog?: SealedLog | undefined;
  /** Told of every look at the log that said what it is, and of what was found altered. Must not throw. */
  readonly onLook?: (doubt: WrongLog | undefined) => void;
  /** The log could not be looked at; it is tried again. */
  readonly onFault?: (error: unknown) => void;
}

/** `new`: a log that is founded says at once that all of it is sealed. `required`: and one that does not say so is a wrong one. */
export type SealedLog = 'optional' | 'new' | 'required';

const LOOK_EVERY_MS = 5_000;
/** Nothing moves meanwhile: the right log is not kept waiting. */
const LOOK_AGAIN_MS = 500;

/**
 * Knows whether the log is this ledger's: asked on each new connection before anything else is sent, and now and then, since a log can
 * be put back under a connection that stands. While it is not, the log is as good as away; when the right one is back, all goes on.
 * What was altered within the right log is not healed by looking again: that needs a person, and a new start.
 */
export class LogGuard implements LogTrust {
  private readonly witnesses = new Witnesses();
  private wrong: WrongLog | undefined;
  private altered: WrongLog | undefined;
  private seen: bigint | undefined;
  /** By it the log is known where an older copy of it has grown past what was seen. */
  private last: AppliedEvent | undefined;
  private recognised: RecognisedLog | undefined;
  /** Of the first log that was recognised: what was opened since is of it. */
  private generation: number | undefined;
  private stopLooking: () => Promise<void> = () => Promise.resolve();

  constructor(private readonly options: LogGuardOptions) {}

  get doubt(): WrongLog | undefined {
    return this.altered ?? this.wrong ?? this.clockFault();
  }

  /** What the log said of itself when it was last recognised. */
  get ledger(): RecognisedLog | undefined {
    return this.recognised;
  }

  get skipped(): SkippedPlaces {
    return this.recognised?.skippedPlaces ?? NOTHING_SKIPPED;
  }

  sealFault(event: RecordedEvent): string | undefined {
    return this.options.seals?.faultOf(event, this.recognised?.sealings ?? []);
  }

  saw(position: bigint, last?: AppliedEvent): void {
    if (this.seen === undefined || position > this.seen) this.seen = position;
    if (!last || (this.last && last.position <= this.last.position)) return;
    const { id, stream, revision } = last;
    this.last = { id, stream, revision, position: last.position };
  }

  distrust(fault: WrongLog): void {
    if (this.altered) return;
    this.altered = fault;
    this.options.onLook?.(fault);
  }

  /** What this process knows of the log. */
  get known(): SeenLog {
    return { position: this.seen, last: this.last };
  }

  /** As far as anybody who could be asked has seen it; below any position where nobody has. */
  get remembered(): bigint {
    const { seen = BEFORE_FIRST } = this;
    return seen > this.witnesses.remembered ? seen : this.witnesses.remembered;
  }

  addWitness(witness: Witness): void {
    this.witnesses.add(witness);
  }

  /**
   * Recognises the log, or founds it where this ledger has had none.
   * @throws WrongLog, EventStoreUnavailable, and what the database says
   */
  async admit(log: NewConnection): Promise<void> {
    try {
      this.recognised = await this.recognise(log);
      this.wrong = undefined;
    } catch (error) {
      const wrong = wrongLogIn(error);
      if (!wrong) throw error;
      this.wrong = wrong;
      throw wrong;
    } finally {
      if (this.wrong || this.recognised) this.options.onLook?.(this.doubt);
    }
  }

  /** Looks at the log again and again. */
  watch(log: NewConnection): void {
    this.stopLooking = repeat(LOOK_EVERY_MS, async () => {
      try {
        await this.admit(log);
      } catch (error) {
        if (!(error instanceof WrongLog)) this.options.onFault?.(error);
      }
      return this.doubt ? LOOK_AGAIN_MS : LOOK_EVERY_MS;
    });
  }

  stop(): Promise<void> {
    return this.stopLooking();
  }

  private async recognise(log: NewConnection): Promise<RecognisedLog> {
    const { kind, readInstance, noteLog, seals, clock } = this.options;
    await clock?.compare();
    const fault = this.clockFault();
    if (fault) throw fault;
    // Before the log is looked at: what was seen by then must be in it.
    const expected = await this.expected();
    const { instance } = expected;
    if (this.recognised && instance.ledgerId !== this.recognised.ledgerId) {
      throw new WrongLog(
        'another-database',
        `expected the database of ledger ${this.recognised.ledgerId}; found that of ledger ${instance.ledgerId}. Bring the right database back; for another ledger, start again.`,
      );
    }
    assertKind(instance, kind);
    let found = await readLedger(log);
    // A log that is kept in the database itself is the database's own.
    if (!found && kind !== 'postgres') found = await foundMeanwhile(log, expected);
    await assertRightLog(log, expected, found);
    if (!found) {
      found = await this.founded(log, instance.ledgerId);
      await assertRightLog(log, { ...expected, instance: await readInstance() }, found);
    }
    await this.assertKnown(log);
    // Whose log it is comes first: another ledger's is sealed with another key.
    const sealings = await readSealings(log, seals);
    if (this.options.sealedLog === 'required') assertSealed({ ledgerId: found.ledgerId, sealings });
    this.generation ??= found.generation;
    if (found.generation !== this.generation) {
      throw new WrongLog(
        'another-generation',
        `an older copy of the log was accepted (generation ${found.generation}) while this process was at work with generation ${this.generation}: start it again.`,
      );
    }
    if (instance.logKind !== kind || instance.generation !== found.generation)
      await noteLog({ kind, generation: found.generation });
    return { ...found, sealings };
  }

  /**
   * What this process itself has seen is told to others before it is looked for: where it is missing, whoever begins next on this log shall
   * know of it. But only of a log in which all is found that the others have seen: in another one this process may have grown by itself.
   * @throws WrongLog, EventStoreUnavailable
   */
  private async assertKnown(log: NewConnection): Promise<void> {
    const known = this.known;
    await this.witnesses.tell(known);
    await assertSeen(log, [{ ...known, by: 'this process' }]);
  }

  private clockFault(): WrongLog | undefined {
    const fault = this.options.clock?.fault;
    return fault === undefined ? undefined : anotherClock(fault);
  }

  private async founded(log: NewConnection, ledgerId: string): Promise<RecognisedLog> {
    const { now, seals, sealedLog = 'optional' } = this.options;
    // What stands there already may be from before there were seals.
    const isNew = (await log.head()) === BEFORE_FIRST;
    const sealedWith = sealedLog !== 'optional' && isNew ? seals?.keyId : undefined;
    await foundLedger(log, { ledgerId, foundedAt: now().toISOString(), sealedWith });
    const found = await readLedger(log);
    if (!found) throw new EventStoreUnavailable('the ledger was founded and cannot be found');
    return found;
  }

  private async expected(): Promise<ExpectedLog> {
    const { readInstance, readApplied } = this.options;
    const seen = await this.witnesses.hear();
    return { instance: await readInstance(), applied: await readApplied(), seen };
  }
}
