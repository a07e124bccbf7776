import type { Usage } from '../../domain/pricing/usage.js';
import type { JsonObject } from '../dialects/json/read.js';
import type { Quirk } from '../../domain/channel/conversion.js';
import type { CanonicalEvent, Tool } from './canonical.js';
import type { Losses } from './losses.js';
import type { Names } from './names.js';
import type { Seal } from './envelope.js';

/** Reads the payloads of an upstream's stream, one by one. Pure, and keeps no more than what is open. */
export interface EventReader {
  read(payload: JsonObject, emit: (event: CanonicalEvent) => void): void;
  /** Upstream has said its end: whatever is open ends, and why the model stopped. */
  end(emit: (event: CanonicalEvent) => void): void;
}

/** Writes events as a client reads them, in the order and with the marks that its grammar wants. */
export interface EventWriter {
  /** What may be sent now; empty when nothing may. */
  write(event: CanonicalEvent): string;
  /** The end, with the usage that was charged. Nothing comes after it. */
  finish(usage: Usage): string;
  /** Says that the answer goes on, where nothing can be said of it; empty before its beginning. */
  ping(): string;
  /** More is kept than may be. */
  readonly isOverfull: boolean;
}

/** What a client's answer is written with beside what upstream said. */
export interface AnswerContext {
  /** As the client asked for it, where upstream names none. */
  readonly model: string;
  readonly requestId: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** Of the prompt, estimated. */
  readonly promptTokens: number;
  /** The client asked for the usage of a stream, where it must. */
  readonly showsUsage: boolean;
  /** The signature of a thought as the client keeps it, of what upstream signed. */
  readonly seal: (signature: string) => string;
  /** The client's. */
  readonly tools: readonly Tool[];
  /** What the client calls a tool. */
  readonly originalName: (name: string) => string;
}

/** What an upstream's request is written with. */
export interface Writing {
  /** What the model is called there. */
  readonly model: string;
  readonly names: Names;
  readonly losses: Losses;
  readonly quirks: ReadonlySet<Quirk>;
  /** The limit of the output that the call is held with: the client's, or less. */
  readonly heldLimit: number;
  readonly seal: Seal;
}
