import { readdirSync, readFileSync } from 'node:fs';
import type { EventType } from '../../../src/domain/events/catalogue.js';
import { storedNameOf, storedNamesOfOthers, typeOfStored } from '../../../src/domain/events/versions.js';

/** An event by its stored name, with its data as it was stored. */
export interface StoredExample {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const golden = new URL('../../domain/golden/', import.meta.url);

/** Of each stored name the example that is kept for ever. */
const examples: ReadonlyMap<string, StoredExample> = new Map(
  readdirSync(golden).map((file) => {
    const name = file.replace(/\.json$/, '');
    const text = readFileSync(new URL(file, golden), 'utf8');
    return [name, { name, data: JSON.parse(text) as StoredExample['data'] }];
  }),
);

/** Every name that an event was ever stored by. */
export const everyStoredName: readonly string[] = [...new Set(storedNamesOfOthers(new Set()))].sort();

/** Behind it a log needs a key, and all of it seals: no part of a whole ledger, which is told without. It has tests of its own. */
export const SAID_OF_SEALS = 'ledger-sealed';

/** What is told of a log among logs, which only a move can say of itself. */
export const TOLD_BY_MOVES: ReadonlySet<EventType> = new Set(['log-copy-begun', 'log-copied', 'log-closed']);

/** @throws Error for a name that no version knows, or that has no example */
export function exampleOf(name: string): StoredExample & { readonly type: EventType } {
  const example = examples.get(name);
  const type = typeOfStored(name);
  if (!example || !type) throw new Error(`there is no example of ${name}`);
  return { ...example, type };
}

/** Of an event, as it is written now. */
export const exampleInForce = (type: EventType): StoredExample => exampleOf(storedNameOf(type));

/** What must have happened for an event to happen, but for the event itself. */
const BEFORE: { readonly [Type in EventType]?: readonly EventType[] } = {
  'account-profile-updated': ['account-registered'],
  'account-suspended': ['account-registered'],
  'account-reinstated': ['account-registered', 'account-suspended'],
  'account-group-changed': ['account-registered'],
  'account-erased': ['account-registered'],
  'payment-credited': ['account-registered'],
  'payment-refunded': ['account-registered', 'payment-credited'],
  'payment-refund-reversed': ['account-registered', 'payment-credited', 'payment-refunded'],
  'refund-requested': ['account-registered'],
  'refund-sent': ['account-registered', 'refund-requested'],
  'refund-succeeded': ['account-registered', 'refund-requested', 'refund-sent'],
  'refund-failed': ['account-registered', 'refund-requested', 'refund-sent'],
  'order-placed': ['account-registered'],
  'order-opened': ['account-registered', 'order-placed'],
  'order-paid': ['account-registered', 'order-placed', 'order-opened'],
  'order-expired': ['account-registered', 'order-placed'],
  'order-cancelled': ['account-registered', 'order-placed'],
  'order-failed': ['account-registered', 'order-placed'],
  'order-flagged': ['account-registered', 'order-placed', 'order-opened'],
  'payment-taken-back': ['account-registered', 'payment-credited'],
  'order-returned': ['account-registered', 'order-placed', 'order-opened', 'order-paid'],
  'order-return-failed': ['account-registered', 'order-placed', 'order-opened', 'order-paid'],
  'order-disputed': ['account-registered', 'order-placed', 'order-opened', 'order-paid'],
  'order-dispute-closed': [
    'account-registered',
    'order-placed',
    'order-opened',
    'order-paid',
    'order-disputed',
  ],
  'order-flag-settled': ['account-registered', 'order-placed', 'order-opened', 'order-flagged'],
  'stray-payment-settled': ['stray-payment-flagged'],
  'balance-adjusted': ['account-registered', 'payment-credited'],
  'order-plan-chosen': ['account-registered', 'order-placed'],
  'subscription-started': ['account-registered', 'order-placed', 'order-plan-chosen'],
  'subscription-renewed': ['account-registered', 'subscription-started'],
  'subscription-cancelled': ['account-registered', 'subscription-started'],
  'subscription-period-withdrawn': ['account-registered', 'subscription-started'],
  'subscription-period-restored': [
    'account-registered',
    'subscription-started',
    'subscription-period-withdrawn',
  ],
  'subscription-ended': ['account-registered', 'subscription-started'],
  'team-created': ['account-registered'],
  'team-member-added': ['account-registered', 'team-created'],
  'team-member-removed': ['account-registered', 'team-created', 'team-member-added'],
  'budget-set': ['account-registered', 'team-created', 'team-member-added'],
  'token-assigned': ['account-registered', 'team-created', 'team-member-added', 'token-issued'],
  'grant-given': ['account-registered'],
  'grant-closed': ['account-registered', 'grant-given'],
  'grant-expired': ['account-registered', 'grant-given', 'grant-closed'],
  'grant-withdrawn': ['account-registered', 'grant-given', 'grant-closed'],
  'referral-bound': ['account-registered'],
  'referral-earned': ['account-registered', 'order-placed', 'referral-bound'],
  'code-batch-filled': ['code-batch-made'],
  'code-voided': ['code-batch-made', 'code-batch-filled'],
  'code-batch-voided': ['code-batch-made', 'code-batch-filled'],
  'adjustment-requested': ['account-registered'],
  'adjustment-declined': ['account-registered', 'adjustment-requested'],
  'doubt-accepted': ['account-registered', 'payment-credited', 'token-issued', 'consumption-recorded'],
  'token-issued': ['account-registered'],
  'token-renamed': ['account-registered', 'token-issued'],
  'token-limits-changed': ['account-registered', 'token-issued'],
  'token-disabled': ['account-registered', 'token-issued'],
  'token-enabled': ['account-registered', 'token-issued', 'token-disabled'],
  'token-rotated': ['account-registered', 'token-issued'],
  'token-revoked': ['account-registered', 'token-issued'],
  'consumption-recorded': ['account-registered', 'payment-credited', 'token-issued'],
  'consumption-corrected': ['account-registered', 'payment-credited', 'token-issued', 'call-abandoned'],
  'call-abandoned': ['account-registered', 'payment-credited', 'token-issued'],
  'call-failed': ['account-registered', 'token-issued'],
  'lease-abandoned': ['account-registered', 'token-issued'],
  'claim-released': ['claim-reserved'],
  'channel-enabled': ['channel-configured'],
  'channel-disabled': ['channel-configured'],
  'channel-key-disabled': ['channel-configured'],
  'channel-key-enabled': ['channel-configured', 'channel-key-disabled'],
  'operator-role-changed': ['operator-created'],
  'operator-disabled': ['operator-created'],
  'operator-enabled': ['operator-created', 'operator-disabled'],
  'operator-password-changed': ['operator-created'],
  'operator-second-factor-added': ['operator-created'],
  'operator-second-factor-removed': ['operator-created', 'operator-second-factor-added'],
  'service-key-revoked': ['service-key-created'],
  'login-opened': ['account-registered'],
  'email-verified': ['account-registered', 'login-opened'],
  'login-password-changed': ['account-registered', 'login-opened'],
  'second-factor-added': ['account-registered', 'login-opened'],
  'second-factor-removed': ['account-registered', 'login-opened', 'second-factor-added'],
  'second-factors-cleared': ['account-registered', 'login-opened', 'second-factor-added'],
  'identity-linked': ['account-registered', 'login-opened'],
  'identity-unlinked': ['account-registered', 'login-opened', 'identity-linked'],
  'login-closed': ['account-registered', 'login-opened'],
};

/** An event of a stored name, and before it what it takes. */
export function withWhatItTakes(name: string): readonly StoredExample[] {
  const example = exampleOf(name);
  return [...(BEFORE[example.type] ?? []).map(exampleInForce), example];
}
