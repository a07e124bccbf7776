import {
  upcastBeforeAllowances,
  upcastDisabledByPerson,
  upcastKeysAlone,
  upcastOneBase,
  upcastSingleKey,
  upcastUnconverted,
} from '../channel/upcasters.js';
import type { Upcaster } from '../stored/upcaster.js';
import { catalogue, type EventType } from './catalogue.js';

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

/** The step from a stored version to the next; undefined for one that is written, or that nobody knows. */
export const stepFrom = (stored: string): Upcaster | undefined =>
  Object.hasOwn(upcasters, stored) ? upcasters[stored as StoredName] : undefined;
