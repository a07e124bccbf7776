import { claimDecider } from '../../domain/claim/decide.js';
import type { ClaimState } from '../../domain/claim/state.js';
import type { Refusal } from '../../domain/refusal.js';
import { claimStream } from '../../domain/streams.js';
import type { CommandMeta } from './command.js';
import { type Loaded, load } from './load.js';
import { type PlannedWrite, writeOf } from './plan.js';
import type { CommandDependencies } from './ports.js';
import { createHash } from 'node:crypto';

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

/** SHA-256 (64 hex digits) of a request whatever the order of its keys; undefined counts as absent, bigint as its digits. */
function requestHash(request: unknown): string {
  return createHash('sha256').update(canonical(request)).digest('hex');
}

function canonical(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join()}}`;
}
