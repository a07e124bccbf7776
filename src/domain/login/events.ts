// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { personText } from '../stored/person-text.js';
import { actorField, uuidField } from '../stored/fields.js';

/** What is asked for beside the password. */
export const factorKinds = ['totp', 'passkey', 'recovery'] as const;
const factor = z.enum(factorKinds);
/** Keyed, so that nobody reads from the log whose it is. */
const keyedHash = z.hex().length(64);
/** A name from the settings: `github`, `company`. */
export const providerName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/);

/**
 * How the person of an account signs in, and since when. Passwords, codes and keys are kept beside the log; that there are some, and that they
 * were changed, is told here.
 */
export const loginEvents = {
  'login-opened': z.object({ account_id: uuidField, by: actorField }),
  /** A link that was sent to the address was used. */
  'email-verified': z.object({ account_id: uuidField, email_hash: keyedHash, by: actorField }),
  'login-password-changed': z.object({ account_id: uuidField, by: actorField }),
  /** `factor_id` tells passkeys from one another; of the others there is one each. */
  'second-factor-added': z.object({
    account_id: uuidField,
    factor,
    factor_id: z.string().max(200),
    by: actorField,
  }),
  'second-factor-removed': z.object({
    account_id: uuidField,
    factor,
    factor_id: z.string().max(200),
    by: actorField,
  }),
  /** An operator has taken away all that is asked for beside the password: whose authenticator and codes are lost comes in again. */
  'second-factors-cleared': z.object({ account_id: uuidField, reason: personText, by: actorField }),
  /** Who somebody is elsewhere: the keyed hash of issuer and subject. */
  'identity-linked': z.object({
    account_id: uuidField,
    provider: providerName,
    identity_hash: keyedHash,
    by: actorField,
  }),
  'identity-unlinked': z.object({
    account_id: uuidField,
    provider: providerName,
    identity_hash: keyedHash,
    by: actorField,
  }),
  /** Nobody signs in to the account any more: it was deleted, or its person erased. */
  'login-closed': z.object({ account_id: uuidField, by: actorField }),
};
