/** `ambiguous`: the caller cannot know whether it was done. */
export type AnswerKind = 'acknowledged' | 'refused' | 'ambiguous';

export interface Attempt {
  readonly begunMs: number;
  readonly endedMs: number;
  readonly kind: AnswerKind;
  /** 0: none came. */
  readonly status: number;
  /** Of a refusal. */
  readonly code: string | undefined;
  /** The answer's `data`, as it was written. */
  readonly data: string | undefined;
  /** Where in the log the answer says it is; undefined where it does not. */
  readonly position: bigint | undefined;
}

/** A balance that was asked for, and what came. */
export interface Reading {
  readonly user: string;
  readonly begunMs: number;
  readonly endedMs: number;
  /** It was to show at least this. */
  readonly minPosition: bigint | undefined;
  readonly quota: bigint;
}

/** What a front end asked for under one idempotency key, and every answer it got. */
export interface Request {
  readonly kind:
    | 'topup'
    | 'refund'
    | 'sync'
    | 'key'
    | 'adjust'
    | 'group'
    | 'erase'
    | 'order'
    | 'order-refund'
    | 'redeem'
    | 'grant';
  /** The natural key: payment, payment and refund, external user, Idempotency-Key, adjustment, code and user, grant. */
  readonly key: string;
  /** The account's external id. */
  readonly user: string;
  readonly amountUsd?: number | undefined;
  /** Of this very body. */
  readonly attempts: Attempt[];
  /** What every answer must be, where that is known beforehand. */
  readonly mustBe?: { readonly status: number; readonly code: string } | undefined;
  readonly method: string;
  /** Below the area's address. */
  readonly path: string;
  readonly body: Record<string, unknown>;
  /** Of an operator, for the operators' area; the front ends' otherwise. */
  readonly operatorToken?: string | undefined;
}

export interface Call {
  readonly requestId: string;
  readonly user: string;
  readonly dialect: string;
  readonly model: string;
  readonly streamed: boolean;
  readonly begunMs: number;
  readonly endedMs: number;
  readonly kind: AnswerKind;
  readonly status: number;
  readonly code: string | undefined;
  /** The client has all of it: the whole JSON body, or a stream up to its last event. */
  readonly completed: boolean;
  /** Upstream was told to report more than was asked for. */
  readonly excess: boolean;
  /** Of the key it was made with. */
  readonly tokenId: number;
  /** The key's revocation had been answered before the call began. */
  readonly withDeadKey: boolean;
  /** Where in the log its charge is, where that was known before the answer. */
  readonly position: bigint | undefined;
}

/** All that clients saw in one round. */
export class Observations {
  readonly requests = new Map<string, Request>();
  readonly calls: Call[] = [];
  readonly readings: Reading[] = [];
  /** The latest place in the log that an answer about a user has named: who reads next may ask for it. */
  private readonly positions = new Map<string, bigint>();
  /** Answers that nobody holds the ledger to any more: it was restored without what they told. */
  forgotten = 0;

  /** The same request again is the same entry: its attempts add up. */
  request(request: Omit<Request, 'attempts'>): Request {
    const id = `${request.kind} ${request.key} ${JSON.stringify(request.body)}`;
    const known = this.requests.get(id);
    if (known) return known;
    const entry = { ...request, attempts: [] };
    this.requests.set(id, entry);
    return entry;
  }

  positionOf(user: string): bigint | undefined {
    return this.positions.get(user);
  }

  notePosition(user: string, position: bigint | undefined): void {
    const known = this.positions.get(user);
    if (position !== undefined && (known === undefined || position > known))
      this.positions.set(user, position);
  }

  /** The log has moved: all places in it are others now. */
  moveTo(placeOf: (position: bigint) => bigint): void {
    const moved = (position: bigint | undefined) => (position === undefined ? undefined : placeOf(position));
    for (const { attempts } of this.requests.values())
      for (const [index, attempt] of attempts.entries())
        attempts[index] = { ...attempt, position: moved(attempt.position) };
    for (const [index, call] of this.calls.entries())
      this.calls[index] = { ...call, position: moved(call.position) };
    for (const [index, reading] of this.readings.entries())
      this.readings[index] = { ...reading, minPosition: moved(reading.minPosition) };
    for (const [user, position] of this.positions) this.positions.set(user, placeOf(position));
  }

  /** Of what was asked for, these answers alone are remembered. */
  forgetAttempts({ attempts }: Request, stays: (attempt: Attempt) => boolean): void {
    const left = attempts.filter(stays);
    this.forgotten += attempts.length - left.length;
    attempts.splice(0, attempts.length, ...left);
  }

  /** These calls and readings alone are remembered. */
  forgetSeen(callStays: (call: Call) => boolean, readingStays: (reading: Reading) => boolean): void {
    const [calls, readings] = [this.calls.filter(callStays), this.readings.filter(readingStays)];
    this.forgotten += this.calls.length - calls.length + this.readings.length - readings.length;
    this.calls.splice(0, this.calls.length, ...calls);
    this.readings.splice(0, this.readings.length, ...readings);
  }

  count(kind: AnswerKind): number {
    let count = this.calls.filter((call) => call.kind === kind).length;
    for (const { attempts } of this.requests.values())
      count += attempts.filter((attempt) => attempt.kind === kind).length;
    return count;
  }
}
