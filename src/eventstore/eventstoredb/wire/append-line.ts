import type { StreamWrite } from '../../event-store.js';
import type { EventText } from '../../limits.js';
import { appendAnswer } from './append-answer.js';
import { appendRequest, lineField } from './append-request.js';
import { BrokenUnderWay } from '../failures.js';
import type { CallListener, RpcCall } from './rpc-call.js';
import { RpcFailure } from './rpc-failure.js';

/** Where an append was stored; `position` is undefined when the server does not say (an append it had already). */
export interface Stored {
  readonly position: bigint | undefined;
  readonly revision: bigint;
}

interface Waiting {
  readonly resolve: (stored: Stored) => void;
  readonly reject: (error: Error) => void;
}

/** Codes by which a call is refused before anything that came on it is looked at: not permitted, no such method, nobody known. */
const NOT_TAKEN_UP: readonly number[] = [7, 12, 16];

/**
 * One long call for all appends of a connection: an append is a message, its answer another, found by its number. A call an append would
 * cost several times as much, for what is set up and thrown away with each.
 *
 * The server does not end such a call by itself, and keeps no order between the answers. Whose answer is waited for no longer, is
 * forgotten; it may be stored all the same.
 */
export class AppendLine {
  private readonly call: RpcCall;
  private readonly line = lineField(randomHalf());
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;
  private answers = 0;
  private closing = false;
  /** No append can be sent by it any more. */
  over = false;

  constructor(open: (listener: CallListener) => RpcCall) {
    this.call = open({ onMessage: (message) => this.answered(message), onEnd: (error) => this.broke(error) });
  }

  /**
   * @param signal that its caller no longer waits
   * @throws RpcFailure, with the type `wrong-expected-version` at another revision
   * @throws BrokenUnderWay when the call ended, and nobody can say what became of this append
   */
  append(
    write: StreamWrite,
    texts: readonly EventText[],
    { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal?: AbortSignal | undefined },
  ): Promise<Stored> {
    const append = ++this.last;
    const frame = appendRequest({ line: this.line, append }, write, texts, deadlineMs);
    return new Promise((resolve, reject) => {
      this.waiting.set(append, { resolve, reject });
      signal?.addEventListener('abort', () => this.forget(append));
      this.call.send(frame);
    });
  }

  /** To be given no new appends; ends when the last one is answered or given up. */
  close(): void {
    this.closing = true;
    this.endWhenIdle();
  }

  private answered(message: Buffer): void {
    this.answers += 1;
    const { append, failure, position, revision } = appendAnswer(message);
    if (append === undefined) return;
    const waiting = this.waiting.get(append);
    if (!waiting) return;
    this.forget(append);
    if (failure) waiting.reject(failure);
    else waiting.resolve({ position, revision });
  }

  private forget(append: number): void {
    this.waiting.delete(append);
    this.endWhenIdle();
  }

  private endWhenIdle(): void {
    if (!this.closing || this.over || this.waiting.size > 0) return;
    this.over = true;
    this.call.cancel();
  }

  /** How the call ended is how an append ended only where it was the only one, or none was looked at. */
  private broke(error: Error = new Error('the event store ended the call of the appends')): void {
    this.over = true;
    const refused = error instanceof RpcFailure && NOT_TAKEN_UP.includes(error.code) && this.answers === 0;
    const told = refused || this.last - this.answers === 1 ? error : new BrokenUnderWay(error);
    for (const { reject } of this.waiting.values()) reject(told);
    this.waiting.clear();
  }
}

const randomHalf = (): bigint => BigInt(`0x${crypto.randomUUID().replaceAll('-', '').slice(16)}`);
