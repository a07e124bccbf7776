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
}

/** What a front end asked for under one idempotency key, and every answer it got. */
export interface Request {
  readonly kind: 'topup' | 'refund' | 'sync' | 'key';
  /** The natural key: payment, payment and refund, external user, Idempotency-Key. */
  readonly key: string;
  /** The account's external id. */
  readonly user: string;
  readonly amountUsd?: number | undefined;
  /** Of this very body. */
  readonly attempts: Attempt[];
  /** What every answer must be, where that is known beforehand. */
  readonly mustBe?: { readonly status: number; readonly code: string } | undefined;
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

export interface Call {
  readonly requestId: string;
  readonly user: string;
  readonly model: string;
  readonly streamed: boolean;
  readonly begunMs: number;
  readonly endedMs: number;
  readonly kind: AnswerKind;
  readonly status: number;
  readonly code: string | undefined;
  /** The client has all of it: the whole JSON body, or a stream up to `[DONE]`. */
  readonly completed: boolean;
  /** Upstream was told to report more than was asked for. */
  readonly excess: boolean;
  /** The key's revocation had been answered before the call began. */
  readonly withDeadKey: boolean;
}

/** All that clients saw in one round. */
export class Observations {
  readonly requests = new Map<string, Request>();
  readonly calls: Call[] = [];

  /** The same request again is the same entry: its attempts add up. */
  request(request: Omit<Request, 'attempts'>): Request {
    const id = `${request.kind} ${request.key} ${JSON.stringify(request.body)}`;
    const known = this.requests.get(id);
    if (known) return known;
    const entry = { ...request, attempts: [] };
    this.requests.set(id, entry);
    return entry;
  }

  count(kind: AnswerKind): number {
    let count = this.calls.filter((call) => call.kind === kind).length;
    for (const { attempts } of this.requests.values())
      count += attempts.filter((attempt) => attempt.kind === kind).length;
    return count;
  }
}
