import { randomUUID } from 'node:crypto';
import { createOperatorCommands, type OperatorCommands } from '../../../src/commands/operators.js';
import type { Role } from '../../../src/domain/operator/roles.js';
import { createOperatorAuth } from '../../../src/http/operators/auth.js';
import type { Administration } from '../../../src/http/operators/ports.js';
import { createLoginAttempts } from '../../../src/postgres/login-attempts.js';
import { createOperatorCredentials } from '../../../src/postgres/operator-credentials.js';
import { findOperator, listOperators } from '../../../src/projections/operators/query.js';
import { createOperatorTokens } from '../../../src/support/operator-tokens.js';
import { createPasswords } from '../../../src/support/passwords.js';
import type { RealLedger } from './real-ledger.js';

export const PASSWORD = 'correct horse battery';

export interface RealAdministration extends Administration {
  /** How often the relay of this process was told to look. */
  readonly refreshed: () => number;
  /** A signed-in operator. @returns the bearer token */
  signIn(name: string, role: Role): Promise<string>;
}

/** The administration on a real ledger; only the passwords are hashed for less. */
export function createRealAdministration(ledger: RealLedger, now = () => new Date()): RealAdministration {
  const { pool, keyring, store } = ledger;
  const passwords = createPasswords({ ln: 4, r: 8, p: 1 });
  const credentials = createOperatorCredentials(pool);
  const operators: OperatorCommands = createOperatorCommands({
    store,
    credentials,
    passwords,
    guards: { raiseGuards: () => Promise.resolve() },
    newId: randomUUID,
    timings: { deadlineMs: 10_000, unavailableAttempts: 3, baseDelayMs: 5, maxDelayMs: 250 },
  });
  const auth = createOperatorAuth({
    passwords,
    credentials,
    tokens: createOperatorTokens(keyring.operatorTokenKey, now),
    operator: (name) => findOperator(pool, name),
    attempts: createLoginAttempts(pool),
    hash: (subject) => keyring.hashLoginSubject(subject),
    now,
  });
  let refreshed = 0;
  return {
    auth,
    operators,
    listOperators: () => listOperators(pool),
    defaultSettings: { hold_policy: 'clamp', limits: {} },
    refreshCatalogue: () => {
      refreshed += 1;
      return Promise.resolve();
    },
    refreshed: () => refreshed,
    signIn: async (name, role) => {
      const meta = { actor: 'cli', requestId: 'test' };
      const result = await operators.create({ name, role, password: PASSWORD }, meta);
      if (!result.ok) throw new Error(result.refusal.code);
      if (!(await ledger.readModels.waitFor(result.position, 10_000))) throw new Error('not projected');
      return (await auth.login({ name, password: PASSWORD, address: `10.0.0.${refreshed}` })).token;
    },
  };
}
