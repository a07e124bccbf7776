import { claimDecider } from '../../domain/claim/decide.js';
import type { ClaimState } from '../../domain/claim/state.js';
import type { Refusal } from '../../domain/refusal.js';
import { claimStream } from '../../domain/streams.js';
import type { CommandMeta } from './command.js';
import { load, type Loaded } from './load.js';
import { type PlannedWrite, writeOf } from './plan.js';
import type { CommandDependencies } from './ports.js';
import { requestHash } from './request-hash.js';

/** A command under an `Idempotency-Key`: its first request claims the key, and the same key with another body is a conflict. */
export interface RequestClaim {
  /** Keyed hash of account, command and key. */
  readonly requestKey: string;
  /** Whether an earlier request has claimed the key. */
  readonly claimed: boolean;
  /** What that request made, `token:17`. */
  readonly owner: string | undefined;
  /** The write that claims the key for what this request makes; undefined when it is claimed. */
  claim(owner: string): PlannedWrite | undefined;
}

/** @returns undefined when the caller gave no key; a refusal when the key came with another request before */
export async function loadRequestClaim(
  { store, keyring }: Pick<CommandDependencies, 'store' | 'keyring'>,
  command: { readonly name: string; readonly accountId: string; readonly request: unknown },
  { idempotencyKey }: CommandMeta,
): Promise<RequestClaim | undefined | { readonly refusal: Refusal }> {
  if (idempotencyKey === undefined) return undefined;
  // Keyed, because a request may hold personal data and the log keeps the hash for ever.
  const hash = keyring.hashClaim('request-body', requestHash([command.name, command.request]));
  const requestKey = keyring.hashClaim(
    'request',
    JSON.stringify([command.accountId, command.name, idempotencyKey]),
  );
  const loaded: Loaded<ClaimState> = await load(store, claimStream('request', requestKey), claimDecider);
  if (loaded.state && loaded.state.requestHash !== hash) return { refusal: { code: 'idempotency_conflict' } };
  return {
    requestKey,
    claimed: loaded.state !== undefined,
    owner: loaded.state?.owner,
    claim: (owner) => {
      const decision = claimDecider.decide(
        { type: 'reserve', kind: 'request', owner, requestHash: hash, stale: false },
        undefined,
      );
      return loaded.state || decision.kind === 'refused' ? undefined : writeOf(loaded, decision.events);
    },
  };
}
