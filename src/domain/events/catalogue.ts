import { z } from 'zod';
import { accountEvents } from '../account/events.js';
import { adjustmentEvents } from '../adjustment/events.js';
import { cashEvents } from '../cash/events.js';
import { channelEvents } from '../channel/events.js';
import {
  upcastBeforeAllowances,
  upcastDisabledByPerson,
  upcastKeysAlone,
  upcastOneBase,
  upcastSingleKey,
  upcastUnconverted,
} from '../channel/upcasters.js';
import { claimEvents } from '../claim/events.js';
import { codeEvents } from '../code/events.js';
import { grantEvents } from '../grant/events.js';
import { ledgerEvents } from '../ledger/events.js';
import { liabilityEvents } from '../liability/events.js';
import { loginEvents } from '../login/events.js';
import { moveEvents } from '../move/events.js';
import { operatorEvents } from '../operator/events.js';
import { orderEvents } from '../order/events.js';
import { paymentEvents } from '../payment/events.js';
import { planEvents } from '../plan/events.js';
import { priceListEvents } from '../price/events.js';
import { referralEvents } from '../referral/events.js';
import { refundEvents } from '../refund/events.js';
import { serviceKeyEvents } from '../servicekey/events.js';
import { settingEvents } from '../setting/events.js';
import { strayEvents } from '../stray/events.js';
import { subscriptionEvents } from '../subscription/events.js';
import { teamEvents } from '../team/events.js';
import { tokenEvents } from '../token/events.js';
import { usageEvents } from '../usage/events.js';
import { type Encoder, encoderOf } from '../stored/encoder.js';
import type { EventIn } from '../stored/event-in.js';
import type { Upcaster } from '../stored/upcaster.js';

/** Every event, by the name that this program calls it: the schema in force. The one place that knows them all. */
export const catalogue = {
  ...accountEvents,
  ...paymentEvents,
  ...orderEvents,
  ...refundEvents,
  ...strayEvents,
  ...cashEvents,
  ...adjustmentEvents,
  ...grantEvents,
  ...codeEvents,
  ...referralEvents,
  ...planEvents,
  ...subscriptionEvents,
  ...teamEvents,
  ...tokenEvents,
  ...usageEvents,
  ...claimEvents,
  ...priceListEvents,
  ...channelEvents,
  ...settingEvents,
  ...operatorEvents,
  ...loginEvents,
  ...serviceKeyEvents,
  ...ledgerEvents,
  ...liabilityEvents,
  ...moveEvents,
};

export type EventType = keyof typeof catalogue;

/** An event of the domain, decoded: amounts are bigint. */
export type DomainEvent = EventIn<typeof catalogue>;
export type EventOf<Type extends EventType> = Extract<DomainEvent, { type: Type }>;

/** `payment-credited.v1`: what an event is called in the log, for ever. */
export type StoredName = `${string}.v${number}`;

/** The version in which events are written, where it is not the first one. */
const writtenVersions: { readonly [Type in EventType]?: number } = {
  'account-registered': 2,
  'account-profile-updated': 2,
  'account-suspended': 2,
  'account-reinstated': 2,
  'payment-credited': 3,
  'payment-refunded': 2,
  'balance-adjusted': 3,
  'doubt-accepted': 2,
  'token-issued': 2,
  'token-renamed': 2,
  'token-limits-changed': 2,
  'channel-configured': 6,
  'channel-disabled': 2,
  'token-disabled': 3,
  'token-enabled': 3,
  'token-revoked': 3,
  'price-list-published': 4,
  'consumption-recorded': 5,
  'consumption-corrected': 2,
  'call-abandoned': 4,
  'setting-changed': 8,
  'service-key-created': 2,
};

/** Fields were added that may be absent, texts are sealed that were not, or there are more settings: what was stored before is complete as it is. */
const unchanged = (data: unknown): unknown => data;

/**
 * Older stored versions: name -> one step to the next version. A chain of steps ends at a version that is written. An entry is never
 * removed.
 */
const upcasters: Readonly<Record<StoredName, Upcaster>> = {
  'account-registered.v1': { to: 'account-registered.v2', upcast: unchanged },
  'account-profile-updated.v1': { to: 'account-profile-updated.v2', upcast: unchanged },
  'account-suspended.v1': { to: 'account-suspended.v2', upcast: unchanged },
  'account-reinstated.v1': { to: 'account-reinstated.v2', upcast: unchanged },
  'payment-credited.v1': { to: 'payment-credited.v2', upcast: unchanged },
  'payment-credited.v2': { to: 'payment-credited.v3', upcast: unchanged },
  'payment-refunded.v1': { to: 'payment-refunded.v2', upcast: unchanged },
  'balance-adjusted.v1': { to: 'balance-adjusted.v2', upcast: unchanged },
  'balance-adjusted.v2': { to: 'balance-adjusted.v3', upcast: unchanged },
  'doubt-accepted.v1': { to: 'doubt-accepted.v2', upcast: unchanged },
  'token-issued.v1': { to: 'token-issued.v2', upcast: unchanged },
  'token-renamed.v1': { to: 'token-renamed.v2', upcast: unchanged },
  'token-limits-changed.v1': { to: 'token-limits-changed.v2', upcast: unchanged },
  'channel-configured.v1': { to: 'channel-configured.v2', upcast: upcastSingleKey },
  'channel-configured.v2': { to: 'channel-configured.v3', upcast: upcastBeforeAllowances },
  'channel-configured.v3': { to: 'channel-configured.v4', upcast: upcastOneBase },
  'channel-configured.v4': { to: 'channel-configured.v5', upcast: upcastUnconverted },
  'channel-configured.v5': { to: 'channel-configured.v6', upcast: upcastKeysAlone },
  'channel-disabled.v1': { to: 'channel-disabled.v2', upcast: upcastDisabledByPerson },
  'token-disabled.v1': { to: 'token-disabled.v2', upcast: unchanged },
  'token-disabled.v2': { to: 'token-disabled.v3', upcast: unchanged },
  'token-enabled.v1': { to: 'token-enabled.v2', upcast: unchanged },
  'token-enabled.v2': { to: 'token-enabled.v3', upcast: unchanged },
  'token-revoked.v1': { to: 'token-revoked.v2', upcast: unchanged },
  'token-revoked.v2': { to: 'token-revoked.v3', upcast: unchanged },
  'price-list-published.v1': { to: 'price-list-published.v2', upcast: unchanged },
  'price-list-published.v2': { to: 'price-list-published.v3', upcast: unchanged },
  'price-list-published.v3': { to: 'price-list-published.v4', upcast: unchanged },
  'consumption-recorded.v1': { to: 'consumption-recorded.v2', upcast: unchanged },
  'consumption-recorded.v2': { to: 'consumption-recorded.v3', upcast: unchanged },
  'consumption-recorded.v3': { to: 'consumption-recorded.v4', upcast: unchanged },
  'consumption-recorded.v4': { to: 'consumption-recorded.v5', upcast: unchanged },
  'consumption-corrected.v1': { to: 'consumption-corrected.v2', upcast: unchanged },
  'call-abandoned.v1': { to: 'call-abandoned.v2', upcast: unchanged },
  'call-abandoned.v2': { to: 'call-abandoned.v3', upcast: unchanged },
  'call-abandoned.v3': { to: 'call-abandoned.v4', upcast: unchanged },
  'setting-changed.v1': { to: 'setting-changed.v2', upcast: unchanged },
  'setting-changed.v2': { to: 'setting-changed.v3', upcast: unchanged },
  'setting-changed.v3': { to: 'setting-changed.v4', upcast: unchanged },
  'setting-changed.v4': { to: 'setting-changed.v5', upcast: unchanged },
  'setting-changed.v5': { to: 'setting-changed.v6', upcast: unchanged },
  'setting-changed.v6': { to: 'setting-changed.v7', upcast: unchanged },
  'setting-changed.v7': { to: 'setting-changed.v8', upcast: unchanged },
  'service-key-created.v1': { to: 'service-key-created.v2', upcast: unchanged },
};

const storedNames = Object.fromEntries(
  Object.keys(catalogue).map((type) => [type, `${type}.v${writtenVersions[type as EventType] ?? 1}`]),
) as Readonly<Record<EventType, StoredName>>;

const typesByStoredName: ReadonlyMap<string, EventType> = new Map(
  Object.entries(storedNames).map(([type, name]) => [name, type as EventType]),
);

/** The name under which an event is written. */
export const storedNameOf = (type: EventType): StoredName => storedNames[type];

/** What this program calls the event of a stored name, of any version; undefined for one that nobody knows. */
export function typeOfStored(stored: string): EventType | undefined {
  const step = stepFrom(stored);
  return step ? typeOfStored(step.to) : typesByStoredName.get(stored);
}

/** The stored names of an event, of every version whose data the schema in force takes as it was written. */
export function namesReadUnchanged(type: EventType): ReadonlySet<string> {
  const names = new Set<string>([storedNames[type]]);
  const steps = Object.entries(upcasters).filter(([, step]) => step.upcast === unchanged);
  // A step to a name that is found leads to a next one; a set that grows while it is walked is walked to its end.
  for (const name of names) for (const [from, { to }] of steps) if (to === name) names.add(from);
  return names;
}

/** All stored names, of any version, of the events that are none of these. A name that nobody knows is not among them. */
export function storedNamesOfOthers(types: ReadonlySet<string>): readonly string[] {
  const names = [...Object.keys(upcasters), ...Object.values(storedNames)];
  return names.filter((name) => !types.has(typeOfStored(name) as string));
}

const stepFrom = (stored: string): Upcaster | undefined =>
  Object.hasOwn(upcasters, stored) ? upcasters[stored as StoredName] : undefined;

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
  const type = typesByStoredName.get(stored);
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
