import type { Passkey } from '../../commands/login/passkey-ports.js';
import { HttpFailure } from '../failure.js';
import { addressBlock } from '../../support/address-block.js';
import { type AttemptParts, type Bucket, requireAttempt } from './attempts.js';
import type { Factors } from './factors.js';
import {
  begin,
  type CeremonyParts,
  challenged,
  isNamed,
  partyOf,
  prove,
  relyingParty,
  verifiedPasskey,
} from './passkey-ceremonies.js';
import type { Owned, PasskeyDesk } from './passkey-desk.js';
import { notFound, passkeyInvalid } from './passkey-failures.js';

export interface PasskeyParts extends AttemptParts, CeremonyParts {
  readonly factors: Pick<Factors, 'firstCodes'>;
}

/** Of whoever asks: each challenge is a row for minutes. */
const CHALLENGES: Bucket = { burst: 60, refillMs: 2_000 };

export function createPasskeyDesk(parts: PasskeyParts): PasskeyDesk {
  const { passkeys, factors: codes } = parts;
  const inForce = async ({ owner, factors }: Owned): Promise<readonly Passkey[]> =>
    factors.some(({ kind }) => kind === 'passkey')
      ? (await passkeys.list(owner)).filter(({ id }) => isNamed(factors, id))
      : [];
  return {
    isAvailable: () => relyingParty(parts.publicUrl()) !== undefined,
    options: async (address) => {
      partyOf(parts);
      await requireAttempt(parts, parts.hash(`passkeys from ${addressBlock(address)}`), CHALLENGES);
      return challenged(parts);
    },
    prove: (given, factorsOf) => prove(parts, given, factorsOf),
    inForce,
    isAskedFor: async (of) => (await inForce(of)).some(({ secondStep }) => secondStep),
    begin: async (of, username) => begin(parts, of.owner, username, await inForce(of)),
    add: async (of, given) => {
      const passkey = await verifiedPasskey(parts, of.owner, given);
      if (!(await passkeys.add(passkey))) throw passkeyInvalid();
      try {
        await of.record({ add: [{ kind: 'passkey', id: passkey.id }], remove: [] });
      } catch (error) {
        // One that the log names nowhere opens nothing; of one that was refused nothing is kept. What is unknown is kept.
        if (error instanceof HttpFailure && error.failure.status < 500)
          await passkeys.remove(of.owner, passkey.id);
        throw error;
      }
      return passkey;
    },
    change: async (of, id, change) => {
      if (!isNamed(of.factors, id) || !(await passkeys.change(of.owner, id, change))) throw notFound();
      return change.secondStep ? codes.firstCodes(of) : [];
    },
    remove: async (of, id) => {
      if (!isNamed(of.factors, id)) throw notFound();
      await of.record({ add: [], remove: [{ kind: 'passkey', id }] });
      await passkeys.remove(of.owner, id);
    },
    forget: async (owner) => {
      for (const { id } of await passkeys.list(owner)) await passkeys.remove(owner, id);
    },
  };
}
