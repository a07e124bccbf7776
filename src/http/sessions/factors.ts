import type { FactorSecrets } from '../../commands/login/factor-ports.js';
import type { SessionOwner } from '../../commands/login/ports.js';
import type { Factor, FactorKind } from '../../domain/login/state.js';
import { base32, otpauthUri, stepOfCode } from '../../support/totp.js';
import { admitAttempt, type AttemptParts, type Bucket, requireAttempt } from './attempts.js';
import { factorFailure } from './factor-failures.js';

/** Whose factors they are, what of them is in force, and how a change gets into the log: in one act. */
export interface Factored {
  readonly owner: SessionOwner;
  readonly factors: readonly Factor[];
  readonly record: (change: FactorChange) => Promise<void>;
}

export interface FactorChange {
  readonly add: readonly Factor[];
  readonly remove: readonly Factor[];
}

export interface FactorParts extends AttemptParts {
  readonly secrets: FactorSecrets;
  readonly hashCode: (code: string) => string;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly newId: () => string;
  /** What an authenticator shows beside the code. */
  readonly issuer: string;
}

export interface FactorStanding {
  readonly totp: boolean;
  readonly codesLeft: number;
}

type Owned = Pick<Factored, 'owner' | 'factors'>;

/** Codes of an authenticator (RFC 6238), and ten codes for who has lost it. */
export interface Factors {
  standing(of: Owned): Promise<FactorStanding>;
  /** A secret for an authenticator, in force once a code of it was given. */
  begin(of: Owned, name: string): Promise<{ readonly secret: string; readonly uri: string }>;
  /** @returns recovery codes, where there were none. Throws 401 `second_factor_wrong`, 409 `second_factor_missing`, 429 */
  confirm(of: Factored, code: string, address: string | undefined): Promise<readonly string[]>;
  /** `keepsCodes`: something else is still asked for after the password. */
  remove(of: Factored, keepsCodes?: boolean): Promise<void>;
  /** What the log names no more. */
  forget(owner: SessionOwner): Promise<void>;
  /** Ten, where there are none. */
  firstCodes(of: Factored): Promise<readonly string[]>;
  /** Ten others. Throws 409 `second_factor_missing`. */
  renewCodes(of: Factored): Promise<readonly string[]>;
  /** Throws 401 `second_factor_wrong`, 429 `too_many_logins`. */
  prove(of: Owned, code: string, address: string | undefined): Promise<'totp' | 'recovery'>;
}

const SECRET_BYTES = 20;
const BEGUN_MS = 15 * 60_000;
const CODES = 10;
const CODE_LENGTH = 10;
/** Nothing that is read for something else. */
const CODE_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
/** From wherever the guesses come: whoever makes them has the password. */
const PER_OWNER: Bucket = { burst: 20, refillMs: 60_000 };

const idOf = (factors: readonly Factor[], kind: FactorKind): string | undefined =>
  factors.find((factor) => factor.kind === kind)?.id;
const those = (factors: readonly Factor[], ...kinds: readonly FactorKind[]): readonly Factor[] =>
  factors.filter(({ kind }) => kinds.includes(kind));

export const hasTotp = (factors: readonly Factor[]): boolean => idOf(factors, 'totp') !== undefined;

export function createFactors(parts: FactorParts): Factors {
  const { secrets, now } = parts;

  async function recorded({ owner, factors, record }: Factored, change: FactorChange): Promise<void> {
    await record(change);
    const kept = factors.filter((factor) => !change.remove.includes(factor));
    await secrets.keepOnly(
      owner,
      [...kept, ...change.add].map(({ id }) => id),
    );
  }

  return {
    standing: async ({ factors }) => {
      const batch = idOf(factors, 'recovery');
      return { totp: hasTotp(factors), codesLeft: batch === undefined ? 0 : await secrets.codesLeft(batch) };
    },
    begin: async ({ owner }, name) => {
      const secret = parts.randomBytes(SECRET_BYTES);
      await secrets.addTotp(owner, { id: parts.newId(), secret, createdAt: now() });
      return { secret: base32(secret), uri: otpauthUri(secret, parts.issuer, name) };
    },
    confirm: async (of, code, address) => {
      const begun = await begunTotp(parts, of);
      const forget = await admit(parts, of.owner, address);
      const step = stepOfCode(begun.secret, plain(code), now());
      if (step === undefined || !(await secrets.useStep(begun.id, step)))
        throw factorFailure('second_factor_wrong');
      await forget();
      const add: Factor[] = [{ kind: 'totp', id: begun.id }];
      const hasCodes = idOf(of.factors, 'recovery') !== undefined;
      const made = hasCodes ? undefined : await makeCodes(parts, of.owner);
      if (made) add.push({ kind: 'recovery', id: made.batch });
      await recorded(of, { add, remove: those(of.factors, 'totp') });
      return made?.codes ?? [];
    },
    remove: (of, keepsCodes = false) => {
      const kinds = keepsCodes ? (['totp'] as const) : (['totp', 'recovery'] as const);
      return recorded(of, { add: [], remove: those(of.factors, ...kinds) });
    },
    forget: (owner) => secrets.keepOnly(owner, []),
    firstCodes: async (of) => {
      if (idOf(of.factors, 'recovery') !== undefined) return [];
      const { batch, codes } = await makeCodes(parts, of.owner);
      await recorded(of, { add: [{ kind: 'recovery', id: batch }], remove: [] });
      return codes;
    },
    renewCodes: async (of) => {
      if (idOf(of.factors, 'recovery') === undefined) throw factorFailure('second_factor_missing');
      const { batch, codes } = await makeCodes(parts, of.owner);
      await recorded(of, { add: [{ kind: 'recovery', id: batch }], remove: those(of.factors, 'recovery') });
      return codes;
    },
    prove: async (of, code, address) => {
      const forget = await admit(parts, of.owner, address);
      const how = await methodOf(parts, of, plain(code));
      if (!how) throw factorFailure('second_factor_wrong');
      await forget();
      return how;
    },
  };
}

const plain = (code: string): string => code.replace(/[\s-]/g, '').toUpperCase();

async function begunTotp({ secrets, now }: FactorParts, { owner, factors }: Owned) {
  const inForce = idOf(factors, 'totp');
  const [newest] = await secrets.totps(owner);
  const oldest = now().getTime() - BEGUN_MS;
  if (!newest || newest.id === inForce || newest.createdAt.getTime() < oldest)
    throw factorFailure('second_factor_missing');
  return newest;
}

/** @returns what gives the attempts back after a code that was right */
async function admit(
  parts: FactorParts,
  owner: SessionOwner,
  address: string | undefined,
): Promise<() => Promise<void>> {
  const name = `second factor of ${owner.operator ?? owner.accountId}`;
  const subject = await admitAttempt(parts, owner.operator === undefined ? 'person ' : '', { name, address });
  const all = parts.hash(name);
  await requireAttempt(parts, all, PER_OWNER);
  return async () => {
    await parts.attempts.forget(subject);
    await parts.attempts.forget(all);
  };
}

async function methodOf(
  { secrets, hashCode, now }: FactorParts,
  { owner, factors }: Owned,
  code: string,
): Promise<'totp' | 'recovery' | undefined> {
  const [totp, batch] = [idOf(factors, 'totp'), idOf(factors, 'recovery')];
  if (/^\d+$/.test(code)) {
    const inForce = (await secrets.totps(owner)).find(({ id }) => id === totp);
    const step = inForce && stepOfCode(inForce.secret, code, now());
    return inForce && step !== undefined && (await secrets.useStep(inForce.id, step)) ? 'totp' : undefined;
  }
  if (batch === undefined) return undefined;
  return (await secrets.useCode(batch, hashCode(code), now())) ? 'recovery' : undefined;
}

async function makeCodes({ secrets, randomBytes, newId, hashCode }: FactorParts, owner: SessionOwner) {
  const batch = newId();
  const codes = Array.from({ length: CODES }, () =>
    [...randomBytes(CODE_LENGTH)].map((byte) => CODE_LETTERS[byte % CODE_LETTERS.length]).join(''),
  );
  await secrets.addCodes(owner, batch, codes.map(hashCode));
  return { batch, codes: codes.map((code) => `${code.slice(0, 5)}-${code.slice(5)}`) };
}
