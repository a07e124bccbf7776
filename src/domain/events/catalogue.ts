import { z } from 'zod';
import { accountEvents } from '../account/events.js';
import { adjustmentEvents } from '../adjustment/events.js';
import { channelEvents } from '../channel/events.js';
import { channelUpcasters } from '../channel/upcasters.js';
import { claimEvents } from '../claim/events.js';
import { operatorEvents } from '../operator/events.js';
import { paymentEvents } from '../payment/events.js';
import { priceListEvents } from '../price/events.js';
import { serviceKeyEvents } from '../servicekey/events.js';
import { settingEvents } from '../setting/events.js';
import { tokenEvents } from '../token/events.js';
import { usageEvents } from '../usage/events.js';
import { type Encoder, encoderOf } from './encoder.js';
import type { Upcaster } from './upcaster.js';

/** Every event in force: stored name -> schema. The one place that knows them all. */
export const catalogue = {
  ...accountEvents,
  ...paymentEvents,
  ...adjustmentEvents,
  ...tokenEvents,
  ...usageEvents,
  ...claimEvents,
  ...priceListEvents,
  ...channelEvents,
  ...settingEvents,
  ...operatorEvents,
  ...serviceKeyEvents,
};

export type EventType = keyof typeof catalogue;

/** An event of the domain, decoded: amounts are bigint. */
export type DomainEvent = {
  [Type in EventType]: { readonly type: Type; readonly data: z.output<(typeof catalogue)[Type]> };
}[EventType];
export type EventOf<Type extends EventType> = Extract<DomainEvent, { type: Type }>;

/** Fields were added that may be absent: what was stored before is complete as it is. */
const unchanged = (data: unknown): unknown => data;

/**
 * Older stored versions: name -> one step to the next version. A chain of steps ends at a name of the catalogue. An entry is never
 * removed.
 */
const upcasters: Readonly<Record<string, Upcaster>> = {
  ...channelUpcasters,
  'token-disabled.v1': { to: 'token-disabled.v2', upcast: unchanged },
  'token-enabled.v1': { to: 'token-enabled.v2', upcast: unchanged },
  'token-revoked.v1': { to: 'token-revoked.v2', upcast: unchanged },
  'price-list-published.v1': { to: 'price-list-published.v2', upcast: unchanged },
  'consumption-recorded.v1': { to: 'consumption-recorded.v2', upcast: unchanged },
  'call-abandoned.v1': { to: 'call-abandoned.v2', upcast: unchanged },
};

/** The name in force of a stored name; undefined for one that nobody knows. */
export function typeInForce(stored: string): EventType | undefined {
  const step = Object.hasOwn(upcasters, stored) ? upcasters[stored] : undefined;
  if (step) return typeInForce(step.to);
  return Object.hasOwn(catalogue, stored) ? (stored as EventType) : undefined;
}

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
export function decodeEvent(type: string, data: unknown): DomainEvent {
  const step = Object.hasOwn(upcasters, type) ? upcasters[type] : undefined;
  if (step) return decodeEvent(step.to, upcast(type, step, data));
  if (!Object.hasOwn(catalogue, type)) throw new UnreadableEvent(type, 'no such event is known');
  const parsed = compiled(type as EventType).schema.safeParse(data);
  if (!parsed.success) throw new UnreadableEvent(type, z.prettifyError(parsed.error));
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

/** Domain event -> JSON data as it is stored. Throws a ZodError when the event breaks its own schema: a bug, not input. */
export function encodeEvent(event: DomainEvent): Readonly<Record<string, unknown>> {
  const { schema, encode } = compiled(event.type);
  const stored = encode(event.data);
  // Checked as it will be read: what cannot be decoded must not be stored.
  const read = schema.safeParse(stored);
  if (!read.success) throw read.error;
  return stored as Record<string, unknown>;
}
