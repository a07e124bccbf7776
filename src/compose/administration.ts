import { randomUUID } from 'node:crypto';
import { createOperatorCommands } from '../commands/operators.js';
import { DEFAULT_TIMINGS } from '../commands/timings.js';
import { createOperatorAuth } from '../http/operators/auth.js';
import type { Administration } from '../http/operators/ports.js';
import { createLoginAttempts } from '../postgres/login-attempts.js';
import { createOperatorCredentials } from '../postgres/operator-credentials.js';
import { findOperator, listOperators } from '../projections/operators/query.js';
import { createOperatorTokens } from '../support/operator-tokens.js';
import { createPasswords } from '../support/passwords.js';
import type { Foundation } from './ledger.js';
import { defaultSettings } from './settings.js';

/** @param refreshCatalogue makes the relay of this process, if there is one, look at prices, channels and settings at once */
export function openAdministration(
  foundation: Foundation,
  refreshCatalogue: () => Promise<void>,
): Administration {
  const { config, database, keyring } = foundation;
  const { pool } = database;
  const passwords = createPasswords();
  const now = () => new Date();
  return {
    auth: createOperatorAuth({
      passwords,
      credentials: createOperatorCredentials(pool),
      tokens: createOperatorTokens(keyring.operatorTokenKey, now),
      operator: (name) => findOperator(pool, name),
      attempts: createLoginAttempts(pool),
      hash: (subject) => keyring.hashLoginSubject(subject),
      now,
    }),
    operators: openOperatorCommands(foundation),
    listOperators: () => listOperators(pool),
    defaultSettings: defaultSettings(config),
    refreshCatalogue,
  };
}

/** Takes nothing from anybody, so no guards are raised. */
export function openOperatorCommands({ database, store }: Pick<Foundation, 'database' | 'store'>) {
  return createOperatorCommands({
    store,
    credentials: createOperatorCredentials(database.pool),
    passwords: createPasswords(),
    guards: { raiseGuards: () => Promise.resolve() },
    newId: randomUUID,
    timings: DEFAULT_TIMINGS,
  });
}
