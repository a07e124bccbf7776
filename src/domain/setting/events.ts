// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { actorField } from '../stored/fields.js';
import { settingValues } from './settings.js';

const {
  limits,
  hold_policy,
  registration,
  sign_in,
  payments,
  operator_second_factor,
  identity_providers,
  alerts,
  portal,
  sessions,
  referrals,
} = settingValues;

export const settingEvents = {
  /** A value of null takes the setting back to its default, which is the environment's. */
  'setting-changed': z.discriminatedUnion('key', [
    z.object({ key: z.literal('limits'), value: limits.nullable(), by: actorField }),
    z.object({ key: z.literal('hold_policy'), value: hold_policy.nullable(), by: actorField }),
    // Since version 2.
    z.object({ key: z.literal('registration'), value: registration.nullable(), by: actorField }),
    z.object({ key: z.literal('sign_in'), value: sign_in.nullable(), by: actorField }),
    // Since version 3.
    z.object({ key: z.literal('payments'), value: payments.nullable(), by: actorField }),
    z.object({
      key: z.literal('operator_second_factor'),
      value: operator_second_factor.nullable(),
      by: actorField,
    }),
    // Since version 4.
    z.object({
      key: z.literal('identity_providers'),
      value: identity_providers.nullable(),
      by: actorField,
    }),
    // Since version 5.
    z.object({ key: z.literal('alerts'), value: alerts.nullable(), by: actorField }),
    // Since version 6.
    z.object({ key: z.literal('portal'), value: portal.nullable(), by: actorField }),
    z.object({ key: z.literal('sessions'), value: sessions.nullable(), by: actorField }),
    // Since version 8.
    z.object({ key: z.literal('referrals'), value: referrals.nullable(), by: actorField }),
  ]),
};
