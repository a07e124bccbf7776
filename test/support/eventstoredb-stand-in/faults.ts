import { Metadata, status } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What is wrong with the server.
 *
 * - `silent`: takes every call, stores nothing and never answers.
 * - `slow`: does the work at once and answers `delayMs` later.
 * - `trickle`: sends each event of a read `delayMs` after the one before it.
 * - `drop-ack`: stores an append, then cuts every connection before the acknowledgement.
 * - `gives-up`: stores an append, and says after `delayMs` that one of its own phases took too long.
 * - `draining`: stops, as SIGTERM has it: of the appends that come one after the other, one is stored and never answered, one neither, one is
 *   said to have taken too long, one is told "not ready", and one ends the call that it came on.
 * - `searching`: a read that is to find some events among many others finds none for long, and says nothing meanwhile.
 * - `late-reads`: an append is answered, and refused beside another one, `delayMs` before reads show it.
 * - `not-ready`: has not looked at any call, as a server that starts or stops.
 * - `follower`: does not lead, and says who does.
 * - `denied`: refuses every call for want of authority.
 * - `half-closed`: ends its side of every connection, old and new, and swallows what still comes.
 * - `old-leader`: another leads, which this one does not know: reads are answered from what it had, appends are refused.
 * - `stopped`: connections, old and new, are taken and stay open, and nothing moves on any of them.
 * - `frozen`: the connections open now stay open, and nothing moves on them ever again; new ones work.
 */
export type Fault =
  | 'none'
  | 'silent'
  | 'slow'
  | 'trickle'
  | 'drop-ack'
  | 'gives-up'
  | 'draining'
  | 'searching'
  | 'late-reads'
  | 'not-ready'
  | 'follower'
  | 'denied'
  | 'half-closed'
  | 'frozen'
  | 'old-leader'
  | 'stopped';

export interface FaultOptions {
  /** Appends after which `drop-ack` or `gives-up` heals by itself; by default it lasts. */
  readonly times?: number;
  /** Appends that are let through before `drop-ack` or `denied` begins; none by default. */
  readonly after?: number;
  /** For `slow`, `trickle`, `late-reads` and `gives-up`; 200 by default. */
  readonly delayMs?: number;
}

/** The error a handler ends with: `call.destroy()` would send nothing and let the client hang. */
export interface CallError {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

export const NOT_READY: CallError = {
  code: status.UNAVAILABLE,
  details: 'Server Is Not Ready',
  metadata: new Metadata(),
};

/** One of the server's own phases took too long. */
export const TIMED_OUT: CallError = {
  code: status.ABORTED,
  details: 'Operation timed out',
  metadata: new Metadata(),
};

/** A server that stops has no room for what still comes. */
export const BROKEN_OFF: CallError = {
  code: status.RESOURCE_EXHAUSTED,
  details: 'the server stops',
  metadata: new Metadata(),
};

const DRAINING = ['stored in silence', 'forgotten', 'timed out', 'not ready', 'broken off'] as const;
export type Draining = (typeof DRAINING)[number];

/** The state of the fault modes, asked by the handlers. */
export class Faults {
  private mode: Fault = 'none';
  private times = Number.POSITIVE_INFINITY;
  private after = 0;
  private delayMs = 200;
  private drained = 0;

  set(mode: Fault, options: FaultOptions = {}): void {
    this.mode = mode;
    this.times = options.times ?? Number.POSITIVE_INFINITY;
    this.after = options.after ?? 0;
    this.delayMs = options.delayMs ?? 200;
  }

  /** To be called when an append has been let through. */
  letThrough(): void {
    this.after -= 1;
  }

  get silent(): boolean {
    return this.mode === 'silent';
  }

  get searching(): boolean {
    return this.mode === 'searching';
  }

  /** What a server that stops does with its next append, undefined for one that does not stop. */
  takeDraining(): Draining | undefined {
    return this.mode === 'draining' ? DRAINING[this.drained++ % DRAINING.length] : undefined;
  }

  /** Whether reads show by now what was stored then. */
  isShown(createdAtMs: number): boolean {
    return this.mode !== 'late-reads' || createdAtMs + this.delayMs <= Date.now();
  }

  get refusal(): CallError | undefined {
    if (this.mode === 'not-ready') return NOT_READY;
    if (this.mode === 'follower') return notLeader();
    if (this.mode !== 'denied' || this.after > 0) return undefined;
    const metadata = new Metadata();
    metadata.set('exception', 'access-denied');
    return { code: status.PERMISSION_DENIED, details: 'Access Denied', metadata };
  }

  /** As `refusal`, of an append. */
  get appendRefusal(): CallError | undefined {
    return this.mode === 'old-leader' ? notLeader() : this.refusal;
  }

  /** True when the acknowledgement of this append is to be lost. */
  takeDroppedAck(): boolean {
    if (this.mode !== 'drop-ack' || this.after > 0) return false;
    this.times -= 1;
    if (this.times <= 0) this.mode = 'none';
    return true;
  }

  /** The error by which the server gives this append up, once that took its time. */
  async takeTimeout(): Promise<CallError | undefined> {
    if (this.mode !== 'gives-up') return undefined;
    this.times -= 1;
    if (this.times <= 0) this.mode = 'none';
    await sleep(this.delayMs, undefined, { ref: false });
    return TIMED_OUT;
  }

  async beforeAnswer(): Promise<void> {
    if (this.mode === 'slow') await sleep(this.delayMs, undefined, { ref: false });
  }

  async beforeEvent(): Promise<void> {
    if (this.mode === 'trickle') await sleep(this.delayMs, undefined, { ref: false });
  }
}

function notLeader(): CallError {
  const metadata = new Metadata();
  metadata.set('exception', 'not-leader');
  metadata.set('leader-endpoint-host', '127.0.0.1');
  metadata.set('leader-endpoint-port', '1');
  return { code: status.NOT_FOUND, details: 'Leader info available', metadata };
}
