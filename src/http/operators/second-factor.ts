import { z } from 'zod';
import type { SignInSteps } from '../../commands/login/factor-ports.js';
import type { CommandMeta } from '../../commands/handling/command.js';
import type { OperatorCommands } from '../../commands/operator/commands.js';
import type { Factor } from '../../domain/login/state.js';
import type { HalfSignedIn } from '../people/ports/person.js';
import { refused } from '../refusals.js';
import { factorFailure } from '../sessions/factor-failures.js';
import type { PasskeyDesk } from '../sessions/passkey-desk.js';
import { type Factored, type Factors, hasTotp } from '../sessions/factors.js';
import type { OperatorFactors, OperatorPasskeys, SignedIn } from './ports.js';

const STEP_MS = 10 * 60_000;
const SECRET_BYTES = 32;
const LONGEST = 100;

export interface OperatorFactorParts {
  readonly factors: Factors;
  readonly passkeys: PasskeyDesk;
  readonly steps: SignInSteps;
  readonly commands: Pick<OperatorCommands, 'changeFactors'>;
  /** What is in force, as the log has it. */
  readonly factorsOf: (name: string) => Promise<readonly Factor[]>;
  /** Whether every operator must have a second factor. */
  readonly isRequired: () => Promise<boolean>;
  readonly hashStep: (secret: string) => string;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly now: () => Date;
}

const waiting = z.object({ name: z.string(), session: z.string() });

/** Keeps for ten minutes that an operator has given the password. */
export async function halfLoggedIn(
  { steps, hashStep, randomBytes, now }: OperatorFactorParts,
  { name, session }: Pick<SignedIn, 'name' | 'session'>,
  methods: HalfSignedIn['methods'],
): Promise<HalfSignedIn> {
  const ticket = Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url');
  const expiresAt = new Date(now().getTime() + STEP_MS);
  const content = JSON.stringify({ name, session: session.toString() });
  await steps.add({ accountId: undefined, content }, hashStep(ticket), expiresAt);
  return { ticket, expiresAt, methods };
}

/** Throws 400 `sign_in_expired`. */
export async function nameOfStep(
  { steps, hashStep, now }: OperatorFactorParts,
  ticket: string,
): Promise<{ readonly name: string; readonly session: bigint; readonly use: () => Promise<void> }> {
  const hash = hashStep(ticket.slice(0, LONGEST));
  const content = await steps.find(hash, now());
  if (content === undefined) throw factorFailure('sign_in_expired');
  const { name, session } = waiting.parse(JSON.parse(content));
  return {
    name,
    session: BigInt(session),
    use: async () => {
      if ((await steps.take(hash, now())) === undefined) throw factorFailure('sign_in_expired');
    },
  };
}

/** What may be given after the password; nothing where nothing is asked for. */
export async function askedOf(
  { factorsOf, passkeys }: Pick<OperatorFactorParts, 'factorsOf' | 'passkeys'>,
  name: string,
): Promise<HalfSignedIn['methods']> {
  const factors = await factorsOf(name);
  const methods: HalfSignedIn['methods'][number][] = [];
  if (hasTotp(factors)) methods.push('totp');
  if (await passkeys.isAskedFor({ owner: { operator: name }, factors })) methods.push('passkey');
  if (methods.length > 0 && factors.some(({ kind }) => kind === 'recovery')) methods.push('recovery');
  return methods;
}

/** Whether an operator must set up a second factor before anything else. */
export async function owesFactor(parts: OperatorFactorParts, name: string): Promise<boolean> {
  return (await parts.isRequired()) && (await askedOf(parts, name)).length === 0;
}

async function factorsOfOperator(
  { factorsOf, commands }: OperatorFactorParts,
  { name }: SignedIn,
  meta: CommandMeta,
): Promise<Factored> {
  return {
    owner: { operator: name },
    factors: await factorsOf(name),
    record: async (change) => {
      const done = await commands.changeFactors({ name, ...change }, meta);
      if (!done.ok) throw refused(done.refusal);
    },
  };
}

/** What operators do about their own passkeys. */
export function operatorPasskeys(parts: OperatorFactorParts): OperatorPasskeys {
  const { passkeys, factorsOf } = parts;
  const owned = async ({ name }: SignedIn) => ({ owner: { operator: name }, factors: await factorsOf(name) });
  const factored = (operator: SignedIn, meta: CommandMeta) => factorsOfOperator(parts, operator, meta);
  return {
    isAvailable: () => passkeys.isAvailable(),
    list: async (operator) => passkeys.inForce(await owned(operator)),
    begin: async (operator) => passkeys.begin(await owned(operator), operator.name),
    add: async (operator, given, meta) => passkeys.add(await factored(operator, meta), given),
    change: async (operator, id, change, meta) => passkeys.change(await factored(operator, meta), id, change),
    remove: async (operator, id, meta) => passkeys.remove(await factored(operator, meta), id),
  };
}

/** What operators do about their own second factor. */
export function operatorFactors(parts: OperatorFactorParts): OperatorFactors {
  const { factors, factorsOf } = parts;
  const factored = (operator: SignedIn, meta: CommandMeta) => factorsOfOperator(parts, operator, meta);
  return {
    standing: async ({ name }) =>
      factors.standing({ owner: { operator: name }, factors: await factorsOf(name) }),
    begin: async (operator, meta) => factors.begin(await factored(operator, meta), operator.name),
    confirm: async (operator, code, { meta, address }) =>
      factors.confirm(await factored(operator, meta), code, address),
    remove: async (operator, meta) => {
      const of = await factored(operator, meta);
      return factors.remove(of, await parts.passkeys.isAskedFor(of));
    },
    renewCodes: async (operator, meta) => factors.renewCodes(await factored(operator, meta)),
  };
}
