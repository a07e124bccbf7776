import type { Usage } from '../../../../domain/pricing/usage.js';
import { type JsonObject, objectAt } from '../../json/read.js';
import { countsOutput, usageOf } from './usage.js';

/**
 * The last usage that a stream has reported. Every payload of Google's carries one, and the last one counts: a payload is kept as it
 * came, and read when somebody asks.
 */
export class LastReport {
  private unread: (() => JsonObject | undefined) | undefined;
  private payload: JsonObject | undefined;
  private wroteSince = false;

  /** A payload that may carry a usage. */
  keep(read: () => JsonObject | undefined): void {
    this.unread = read;
    this.wroteSince = false;
  }

  /** More of the answer came, without a usage. */
  wrote(): void {
    this.wroteSince = true;
  }

  get usage(): Usage | undefined {
    const payload = this.read();
    return payload && usageOf(payload);
  }

  /** It does not count what has been written: more came after it, or it counts the prompt only. */
  get isStale(): boolean {
    const payload = this.read();
    return payload !== undefined && (this.wroteSince || !countsOutput(payload));
  }

  private read(): JsonObject | undefined {
    const payload = this.unread?.();
    this.unread = undefined;
    if (objectAt(payload?.['usageMetadata'])) this.payload = payload;
    return this.payload;
  }
}
