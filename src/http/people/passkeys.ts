import { loadLogin } from '../../commands/login/change-login.js';
import { accountOfId } from '../../commands/login/lookup.js';
import type { Login } from '../../domain/login/state.js';
import { refused } from '../refusals.js';
import type { PasskeyAnswer } from '../sessions/passkey-desk.js';
import { passkeyInvalid } from '../sessions/passkey-failures.js';
import type { OwnPasskeys } from './ports/factors.js';
import type { SignedInPerson } from './ports/person.js';
import { usernameOf } from './recovery.js';
import { factorsOfPerson, type Proven, type SecondStepParts, standing } from './second-step.js';
import { requireOwnSession, requireProof } from './step-up.js';

/** Whose passkey answered a challenge. Throws 401 `passkey_invalid`, whatever was wrong. */
export async function provenByPasskey(parts: SecondStepParts, given: PasskeyAnswer): Promise<Proven> {
  const { accountId } = await parts.passkeys.prove(given, async (owner) =>
    owner.accountId === undefined ? undefined : (await standing(parts, owner.accountId))?.login.factors,
  );
  const proven = accountId === undefined ? undefined : await standing(parts, accountId);
  if (!proven) throw passkeyInvalid();
  return proven;
}

/** What people do about their own passkeys: all but looking wants a fresh proof. */
export function ownPasskeys(parts: SecondStepParts): OwnPasskeys {
  const { passkeys, ledger, now } = parts;
  async function ownedBy({ accountId }: SignedInPerson) {
    const login: Login | undefined = (await loadLogin(ledger, accountId)).state;
    if (!login) throw refused({ code: 'login_not_found' });
    return { owner: { accountId }, factors: login.factors };
  }
  return {
    hasPasskeys: () => passkeys.isAvailable(),
    passkeys: async (person) => {
      requireOwnSession(person);
      return passkeys.inForce(await ownedBy(person));
    },
    beginPasskey: async (person) => {
      requireProof(person, now());
      const of = await ownedBy(person);
      const account = await accountOfId(ledger, person.accountId);
      if (!account) throw refused({ code: 'login_not_found' });
      return passkeys.begin(of, await usernameOf(parts, account));
    },
    addPasskey: async (person, given, { meta }) =>
      passkeys.add(await factorsOfPerson(parts, person, meta), given),
    changePasskey: async (person, id, change, { meta }) =>
      passkeys.change(await factorsOfPerson(parts, person, meta), id, change),
    removePasskey: async (person, id, { meta }) =>
      passkeys.remove(await factorsOfPerson(parts, person, meta), id),
  };
}
