import { z } from 'zod';
import { type Encoder, encoderOf } from '../stored/encoder.js';
import type { Upcaster } from '../stored/upcaster.js';
import { catalogue, type DomainEvent, type EventType } from './catalogue.js';
import { stepFrom, type StoredName, storedNameOf, typeOfStored } from './versions.js';

/** An event in the log that no version of this program wrote, or that somebody changed. Names the event; never skipped by the ledger. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
  constructor(
    readonly type: string,
    detail: string,
  ) {
    super(`${type}: ${detail}`);
  }
}

/** Stored name and JSON data -> domain event. Throws UnreadableEvent. */
export function decodeEvent(stored: string, data: unknown): DomainEvent {
  const step = stepFrom(stored);
  if (step) return decodeEvent(step.to, upcast(stored, step, data));
  const type = typeOfStored(stored);
  if (!type) throw new UnreadableEvent(stored, 'no such event is known');
  const parsed = compiled(type).schema.safeParse(data);
  if (!parsed.success) throw new UnreadableEvent(stored, z.prettifyError(parsed.error));
  return { type, data: parsed.data } as DomainEvent;
}

function upcast(type: string, step: Upcaster, data: unknown): unknown {
  try {
    return step.upcast(data);
  } catch (error) {
    if (error instanceof z.ZodError) throw new UnreadableEvent(type, z.prettifyError(error));
    throw error;
  }
}

interface CompiledEvent {
  readonly schema: z.ZodType;
  readonly encode: Encoder;
}
const compiledEvents = new Map<EventType, CompiledEvent>();

/** The schema as one function, made when the first such event is met: a quarter of the time an event, the same answers. */
function compiled(type: EventType): CompiledEvent {
  let event = compiledEvents.get(type);
  if (!event) {
    const schema = catalogue[type] as z.ZodType;
    compiledEvents.set(type, (event = { schema: z.compile(schema), encode: encoderOf(schema) }));
  }
  return event;
}

/** An event as it is stored: its versioned name and JSON data. */
export interface StoredEvent {
  readonly type: StoredName;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Domain event -> what is stored of it. Throws a ZodError when the event breaks its own schema: a bug, not input. */
export function encodeEvent(event: DomainEvent): StoredEvent {
  const { schema, encode } = compiled(event.type);
  const stored = encode(event.data);
  // Checked as it will be read: what cannot be decoded must not be stored.
  const read = schema.safeParse(stored);
  if (!read.success) throw read.error;
  return { type: storedNameOf(event.type), data: stored as Record<string, unknown> };
}
