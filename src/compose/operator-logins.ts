import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { factorsOfOperator } from '../commands/operator/create-commands.js';
import type { OperatorCommands } from '../commands/operator/commands.js';
import { type Settings, settingsInForce } from '../domain/setting/settings.js';
import type { EventStore } from '../eventstore/event-store.js';
import { createOperatorAuth, operatorSessions } from '../http/operators/auth.js';
import type { Administration } from '../http/operators/ports.js';
import {
  type OperatorFactorParts,
  operatorFactors,
  operatorPasskeys,
} from '../http/operators/second-factor.js';
import type { NoteTrace } from '../http/operators/tracing.js';
import { createBrowserSessions, operatorsStay } from '../http/sessions/browser-sessions.js';
import { createPasskeyDesk } from '../http/sessions/passkeys.js';
import { createPasskeys } from '../stores/passkeys.js';
import { createFactors } from '../http/sessions/factors.js';
import { findOperator } from '../projections/operator/query.js';
import type { ReadModels } from '../projections/read-models.js';
import { createFactorSecrets } from '../stores/factor-secrets.js';
import { createLoginAttempts } from '../stores/login-attempts.js';
import { createOperatorCredentials } from '../stores/operator-credentials.js';
import { createSessions } from '../stores/sessions.js';
import { createSignInSteps } from '../stores/sign-in-steps.js';
import type { Keyring } from '../support/keyring.js';
import { createLoginTokens } from '../support/login-tokens.js';
import type { Passwords } from '../support/passwords.js';
import { sessionLife } from './session-life.js';

export interface OperatorLoginsOptions {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly keyring: Keyring;
  readonly passwords: Passwords;
  readonly now: () => Date;
  readonly readModels: Pick<ReadModels, 'settings'>;
  readonly defaultSettings: Settings;
  /** Where browsers reach the service, without a slash at the end. */
  readonly publicUrl: () => string;
}

/** How operators log in, at browsers and with tokens, and what is asked for beside their password. */
export function operatorLogins(
  options: OperatorLoginsOptions,
  commands: OperatorCommands,
  noteTrace: NoteTrace,
): Pick<Administration, 'auth' | 'sessions' | 'factors' | 'passkeys'> {
  const { pool, keyring, passwords, now } = options;
  const factors = factorParts(options, commands);
  const credentials = createOperatorCredentials(pool);
  const sessions = createBrowserSessions({
    sessions: createSessions(pool),
    life: sessionLife(options.readModels, operatorsStay),
    hash: (secret) => keyring.hashSecret('operator-session', secret),
    randomBytes,
    newId: randomUUID,
    now,
  });
  return {
    factors: operatorFactors(factors),
    passkeys: operatorPasskeys(factors),
    sessions: operatorSessions({ sessions, credentials }),
    auth: createOperatorAuth({
      ...factors,
      passwords,
      credentials,
      tokens: createLoginTokens(keyring.operatorTokenKey, 'counterfoil-admin', now),
      operator: (name) => findOperator(pool, name),
      attempts: createLoginAttempts(pool),
      hash: (subject) => keyring.hashLoginSubject(subject),
      noteTrace,
      sessions,
    }),
  };
}

function factorParts(options: OperatorLoginsOptions, commands: OperatorCommands): OperatorFactorParts {
  const { pool, keyring, now, readModels, defaultSettings } = options;
  const factors = createFactors({
    secrets: createFactorSecrets(pool, keyring),
    hashCode: (code) => keyring.hashSecret('operator-recovery', code),
    attempts: createLoginAttempts(pool),
    hash: (subject) => keyring.hashLoginSubject(subject),
    issuer: 'Counterfoil Admin',
    randomBytes,
    newId: randomUUID,
    now,
  });
  const steps = createSignInSteps(pool, keyring);
  return {
    factors,
    steps,
    passkeys: createPasskeyDesk({
      passkeys: createPasskeys(pool),
      steps,
      factors,
      attempts: createLoginAttempts(pool),
      hash: (subject) => keyring.hashLoginSubject(subject),
      hashTicket: (kind, ticket) => keyring.hashSecret(`operator-${kind}`, ticket),
      publicUrl: options.publicUrl,
      issuer: 'Counterfoil Admin',
      randomBytes,
      now,
    }),
    commands,
    factorsOf: (name) => factorsOfOperator(options, name),
    isRequired: async () =>
      settingsInForce(await readModels.settings(), defaultSettings).operator_second_factor === 'required',
    hashStep: (secret) => keyring.hashSecret('operator-step', secret),
    randomBytes,
    now,
  };
}
