import { z } from 'zod';
import type { SignInSteps } from '../../commands/login/factor-ports.js';
import type { CommandMeta } from '../../commands/handling/command.js';
import type { OperatorCommands } from '../../commands/operator/commands.js';
import type { Factor } from '../../domain/login/state.js';
import type { HalfSignedIn } from '../people/ports.js';
import { refused } from '../refusals.js';
import { factorFailure } from '../sessions/factor-failures.js';
import { type Factored, type Factors, hasTotp } from '../sessions/factors.js';
import type { OperatorFactors, SignedIn } from './ports.js';

const STEP_MS = 10 * 60_000;
const SECRET_BYTES = 32;
const LONGEST = 100;

export interface OperatorFactorParts {
  readonly factors: Factors;
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
): Promise<HalfSignedIn> {
  const ticket = Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url');
  const expiresAt = new Date(now().getTime() + STEP_MS);
  const content = JSON.stringify({ name, session: session.toString() });
  await steps.add({ accountId: undefined, content }, hashStep(ticket), expiresAt);
  return { ticket, expiresAt, methods: ['totp', 'recovery'] };
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

/** Whether an operator must set up a second factor before anything else. */
export async function owesFactor(
  { isRequired, factorsOf }: OperatorFactorParts,
  name: string,
): Promise<boolean> {
  return (await isRequired()) && !hasTotp(await factorsOf(name));
}

/** What operators do about their own second factor. */
export function operatorFactors(parts: OperatorFactorParts): OperatorFactors {
  const { factors, factorsOf, commands } = parts;
  async function factored({ name }: SignedIn, meta: CommandMeta): Promise<Factored> {
    return {
      owner: { operator: name },
      factors: await factorsOf(name),
      record: async (change) => {
        const done = await commands.changeFactors({ name, ...change }, meta);
        if (!done.ok) throw refused(done.refusal);
      },
    };
  }
  return {
    standing: async ({ name }) =>
      factors.standing({ owner: { operator: name }, factors: await factorsOf(name) }),
    begin: async (operator, meta) => factors.begin(await factored(operator, meta), operator.name),
    confirm: async (operator, code, { meta, address }) =>
      factors.confirm(await factored(operator, meta), code, address),
    remove: async (operator, meta) => factors.remove(await factored(operator, meta)),
    renewCodes: async (operator, meta) => factors.renewCodes(await factored(operator, meta)),
  };
}
