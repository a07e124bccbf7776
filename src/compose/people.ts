import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { CommandDependencies } from '../commands/handling/ports.js';
import { createLoginCommands } from '../commands/login/create-commands.js';
import { type Settings, settingsInForce } from '../domain/setting/settings.js';
import { createPeople, type PeopleParts } from '../http/people/people.js';
import type { People } from '../http/people/ports/people.js';
import { createBrowserSessions, peopleStay } from '../http/sessions/browser-sessions.js';
import type { ReadModels } from '../projections/read-models.js';
import { hashOfLink } from '../http/people/links.js';
import { createPasskeyDesk } from '../http/sessions/passkeys.js';
import { createFactors } from '../http/sessions/factors.js';
import { createFactorSecrets } from '../stores/factor-secrets.js';
import { createIdentityProviderSecrets } from '../stores/identity-provider-secrets.js';
import { createSignInSteps } from '../stores/sign-in-steps.js';
import { createSignIns } from '../stores/sign-ins.js';
import { createHandovers } from '../stores/handovers.js';
import { createLoginAttempts } from '../stores/login-attempts.js';
import { createMailTokens } from '../stores/mail-tokens.js';
import { createPasskeys } from '../stores/passkeys.js';
import { createPendingRegistrations } from '../stores/pending-registrations.js';
import { createSessions } from '../stores/sessions.js';
import { createSignInData, createUserCredentials } from '../stores/user-credentials.js';
import { createUserLanguages } from '../stores/user-languages.js';
import { createLoginTokens } from '../support/login-tokens.js';
import type { Passwords } from '../support/passwords.js';
import { sessionLife } from './session-life.js';

export interface PeopleOptions extends Pick<
  PeopleParts,
  'mails' | 'canMail' | 'publicUrl' | 'equalMs' | 'services' | 'onProviderFault'
> {
  readonly pool: pg.Pool;
  readonly dependencies: CommandDependencies;
  readonly readModels: Pick<ReadModels, 'settings'>;
  readonly defaultSettings: Settings;
  readonly passwords: Passwords;
  readonly now: () => Date;
}

/** How the people of accounts sign in, on the real servers. */
export function openPeople(options: PeopleOptions): People {
  const { pool, dependencies, readModels, defaultSettings, passwords, now } = options;
  const { keyring } = dependencies;
  const credentials = createUserCredentials(pool);
  const allSessions = createSessions(pool);
  const factors = createFactors({
    secrets: createFactorSecrets(pool, keyring),
    hashCode: (code) => keyring.hashSecret('recovery', code),
    attempts: createLoginAttempts(pool),
    hash: (subject) => keyring.hashLoginSubject(subject),
    issuer: 'Counterfoil',
    randomBytes,
    newId: randomUUID,
    now,
  });
  return createPeople({
    ledger: dependencies,
    commands: createLoginCommands({
      ...dependencies,
      credentials,
      passwords,
      signInData: createSignInData(pool),
    }),
    credentials,
    passwords,
    tokens: createLoginTokens(keyring.userTokenKey, 'counterfoil-user', now),
    allSessions,
    sessions: createBrowserSessions({
      sessions: allSessions,
      life: sessionLife(readModels, peopleStay),
      hash: (secret) => keyring.hashSecret('session', secret),
      randomBytes,
      newId: randomUUID,
      now,
    }),
    factors,
    passkeys: createPasskeyDesk({
      passkeys: createPasskeys(pool),
      steps: createSignInSteps(pool, keyring),
      factors,
      attempts: createLoginAttempts(pool),
      hash: (subject) => keyring.hashLoginSubject(subject),
      hashTicket: (kind, ticket) => hashOfLink({ ledger: dependencies }, kind, ticket),
      publicUrl: options.publicUrl,
      issuer: 'Counterfoil',
      randomBytes,
      now,
    }),
    services: options.services,
    providerSecrets: createIdentityProviderSecrets(pool, keyring),
    onProviderFault: options.onProviderFault,
    steps: createSignInSteps(pool, keyring),
    signIns: createSignIns(pool),
    pending: createPendingRegistrations(pool, keyring),
    handovers: createHandovers(pool),
    mailTokens: createMailTokens(pool, keyring),
    attempts: createLoginAttempts(pool),
    hash: (subject) => keyring.hashLoginSubject(subject),
    settings: async () => settingsInForce(await readModels.settings(), defaultSettings),
    randomBytes,
    newId: randomUUID,
    now,
    mails: options.mails,
    languages: createUserLanguages(pool),
    canMail: options.canMail,
    publicUrl: options.publicUrl,
    equalMs: options.equalMs,
  });
}
