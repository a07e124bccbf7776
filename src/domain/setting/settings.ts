import { z } from 'zod';
import { groupField } from '../stored/fields.js';
import { identityProviders, identityProvidersInput } from './identity-providers.js';
import { alertTerms, alertTermsInput, firstAlertTerms } from './alerts.js';
import { firstPaymentTerms, paymentTerms, paymentTermsInput } from './payments.js';
import { firstPortalTerms, portalTerms, portalTermsInput } from './portal.js';
import { firstReferralTerms, type ReferralTerms, referralTerms } from './referrals.js';
import { firstSessionTerms, sessionTerms } from './sessions.js';

const MAX_RATE = 1_000_000_000;
const rate = z.int().min(0).max(MAX_RATE).optional();

/** Absent or 0: no limit. */
const limit = z.object({
  requests_per_minute: rate,
  /** Prompt and output together. */
  tokens_per_minute: rate,
  concurrent_calls: rate,
});
export type Limit = z.infer<typeof limit>;

/** How much may be asked of the relay, each counted over all its processes. Every limit that is set must have room for a call. */
const limits = z.object({
  /** Of all calls. */
  global: limit.optional(),
  /** Of each user, whatever their group. */
  user: limit.optional(),
  /** Of each access key. */
  key: limit.optional(),
  /** Of all calls in a group together. */
  groups: z.record(groupField, limit).optional(),
});
export type Limits = z.infer<typeof limits>;

/** What to do where the balance carries a useful answer but not the worst case: send less on, or refuse. */
const holdPolicy = z.enum(['clamp', 'reject']);

/** Who may make an account for themselves. */
const registration = z.object({
  open: z.boolean(),
  /** Whether the address must be shown to be one's own before there is an account. */
  verify_email: z.boolean(),
});

const signIn = z.object({
  /** Whether users whom a front end brought may give themselves a password, by a mail to their address. */
  synced_users: z.boolean(),
});

/** Whether operators must have a second factor. */
const operatorSecondFactor = z.enum(['optional', 'required']);

/** Every setting that can be changed while the service runs, and the shape it is stored in. */
export const settingValues = {
  limits,
  hold_policy: holdPolicy,
  registration,
  sign_in: signIn,
  payments: paymentTerms,
  operator_second_factor: operatorSecondFactor,
  identity_providers: identityProviders,
  alerts: alertTerms,
  portal: portalTerms,
  sessions: sessionTerms,
  referrals: referralTerms,
};
export type SettingKey = keyof typeof settingValues;
export type Settings = { readonly [Key in SettingKey]: z.infer<(typeof settingValues)[Key]> };
/** What calls are held to. */
export type CallSettings = Pick<Settings, 'hold_policy' | 'limits'>;
export const settingKeys = Object.keys(settingValues) as readonly SettingKey[];

/** Where neither the environment nor an operator says anything else. */
export const firstSettings = {
  registration: { open: true, verify_email: true },
  sign_in: { synced_users: false },
  payments: firstPaymentTerms,
  operator_second_factor: 'optional',
  identity_providers: [],
  alerts: firstAlertTerms,
  portal: firstPortalTerms,
  sessions: firstSessionTerms,
  referrals: firstReferralTerms,
} as const satisfies Partial<Settings>;

/** Of the settings that have a default here those in force: what was changed, and the default of the rest. */
export function settingsInForce<Wanted extends Partial<Settings>>(
  changed: readonly { readonly key: SettingKey; readonly value: Settings[SettingKey] | null }[],
  defaults: Wanted,
): Wanted {
  const set = changed.filter(({ key, value }) => value !== null && Object.hasOwn(defaults, key));
  return { ...defaults, ...Object.fromEntries(set.map(({ key, value }) => [key, value])) };
}

/** What orders bring to whoever invited their users, by what was changed. */
export const referralTermsOf = (changed: Parameters<typeof settingsInForce>[0]): ReferralTerms =>
  settingsInForce(changed, { referrals: firstReferralTerms }).referrals;

const strictLimit = limit.strict();

/** The same as a caller must write them: an unknown name is a fault, because a limit under a misspelt name would not be one. */
export const settingInputs = {
  limits: z.strictObject({
    global: strictLimit.optional(),
    user: strictLimit.optional(),
    key: strictLimit.optional(),
    groups: z
      .record(groupField, strictLimit)
      .refine((groups) => Object.keys(groups).length <= 200, 'at most 200 groups')
      .optional(),
  }),
  hold_policy: holdPolicy,
  registration: registration.strict(),
  sign_in: signIn.strict(),
  payments: paymentTermsInput,
  operator_second_factor: operatorSecondFactor,
  identity_providers: identityProvidersInput,
  alerts: alertTermsInput,
  portal: portalTermsInput,
  sessions: sessionTerms.strict(),
  referrals: referralTerms.strict(),
} satisfies Readonly<Record<SettingKey, z.ZodType>>;
