// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';

/** `identity` came later, and is written only where an operator has named a provider to sign in with: no version tells it apart. */
export const claimKinds = ['username', 'email', 'aff-code', 'request', 'identity'] as const;
export type ClaimKind = (typeof claimKinds)[number];

export const claimEvents = {
  /**
   * `owner` (an account id, or for kind `request` what the first request made: `token:17`) has the value whose keyed hash names the stream.
   * `request_hash` is set for kind `request`: the same idempotency key with another body is a conflict.
   */
  'claim-reserved': z.object({
    kind: z.enum(claimKinds),
    owner: z.string().min(1).max(200),
    request_hash: z.hex().length(64).nullable(),
  }),
  /** Free for another owner. Never by deletion: a deleted stream would accept a first event again without a trace. */
  'claim-released': z.object({ kind: z.enum(claimKinds), owner: z.string().min(1).max(200) }),
};
