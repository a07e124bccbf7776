import type { ConfigureChannel } from '../../commands/channel/commands.js';
import type { ChannelSettings } from '../../domain/channel/settings.js';
import type { Refusal } from '../../domain/refusal.js';
import type { PendingAdjustment } from '../../commands/adjustment/pending.js';
import type { OperatorCommands } from '../../commands/operator/commands.js';
import type { ServiceKeyCommands } from '../../commands/servicekey/commands.js';
import type { Sealed } from '../../domain/stored/fields.js';
import type { Role } from '../../domain/operator/roles.js';
import type { OperatorTraces } from '../../domain/operator/trace.js';
import type { Settings } from '../../domain/setting/settings.js';
import type { OperatorView } from '../../projections/operator/query.js';
import type { ChannelTests } from '../../relay/channels/health/channel-tests.js';
import type { ChannelReport } from '../../relay/channels/health/channel-reports.js';
import type { AskedCall, NextCall } from '../../relay/next-call.js';
import type { Scope } from '../ports.js';
import type { BrowserSession, ListedMail } from '../../commands/login/ports.js';
import type { CommandMeta } from '../../commands/handling/command.js';
import type { HalfSignedIn, Language } from '../people/ports/person.js';
import type { Visitor } from '../sessions/browser-sessions.js';
import type { Passkey } from '../../commands/login/passkey-ports.js';
import type { FactorStanding } from '../sessions/factors.js';
import type { Challenge, NewPasskey, PasskeyAnswer, PasskeyChange } from '../sessions/passkey-desk.js';
import type { NoteTrace } from './tracing.js';
import type { JobDesk } from './jobs.js';
import type { OutboxDesk } from './outbox.js';
import type { PoisonDesk } from './poison.js';
import type { Overview } from './overview.js';
import type { Recomputed } from '../../books/prices/recompute.js';
import type { PublishPriceList } from '../../domain/price/decide.js';
import type { Acts } from './acts.js';
import type { AlertDesk } from './alerts.js';
import type { IdentityProviderDesk } from './identity-providers.js';
import type { AdminReads } from './reads.js';
import type { Setup } from './setup.js';
import type { SystemView } from './system.js';

/** An operator who has logged in and may still act. */
export interface SignedIn {
  readonly name: string;
  readonly role: Role;
  /** Which of the operator's sessions: a logout or a change of the password begins another. */
  readonly session: bigint;
  /** When the password was given, unix seconds. */
  readonly since: number;
  /** The id of this login in the list of sessions: of a browser, or of a program. */
  readonly listed?: string;
  /** The same of a browser's session, where there is one instead of a token. */
  readonly browserSession?: string;
  /** Must have a second factor and has none: may set one up, and nothing else. */
  readonly owesFactor?: boolean;
}

export interface Login extends SignedIn {
  readonly token: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

export interface LoginInput {
  readonly name: string;
  readonly password: string;
  /** Undefined where it is not known: all of those count as one. */
  readonly address: string | undefined;
  /** `User-Agent` */
  readonly agent?: string | undefined;
  /** Of the second factor, where there is one and no further step. */
  readonly code?: string | undefined;
}

/** What operators do about their own second factor. */
export interface OperatorFactors {
  standing(operator: SignedIn): Promise<FactorStanding>;
  begin(operator: SignedIn, meta: CommandMeta): Promise<{ readonly secret: string; readonly uri: string }>;
  /** @returns recovery codes, where there were none */
  confirm(
    operator: SignedIn,
    code: string,
    asked: { readonly meta: CommandMeta; readonly address: string | undefined },
  ): Promise<readonly string[]>;
  remove(operator: SignedIn, meta: CommandMeta): Promise<void>;
  renewCodes(operator: SignedIn, meta: CommandMeta): Promise<readonly string[]>;
}

/** What operators do about their own passkeys. Throws as the desk of passkeys does. */
export interface OperatorPasskeys {
  isAvailable(): boolean;
  list(operator: SignedIn): Promise<readonly Passkey[]>;
  begin(operator: SignedIn): Promise<Challenge>;
  add(operator: SignedIn, given: NewPasskey, meta: CommandMeta): Promise<Passkey>;
  /** @returns recovery codes, where it is the first that is asked for after the password */
  change(
    operator: SignedIn,
    id: string,
    change: PasskeyChange,
    meta: CommandMeta,
  ): Promise<readonly string[]>;
  remove(operator: SignedIn, id: string, meta: CommandMeta): Promise<void>;
}

export interface BegunSession {
  readonly operator: SignedIn;
  /** For the cookie. */
  readonly secret: string;
}

/** Logins of operators. */
export interface OperatorAuth {
  /** Throws 401 `login_failed`, whatever was wrong, `second_factor_required` and `second_factor_wrong`; 429 `too_many_logins`. */
  login(input: LoginInput): Promise<Login>;
  /** The password alone, as an attempt to log in. Throws 401 `login_failed`, 429. */
  prove(input: LoginInput): Promise<void>;
  /** Whose token it is; undefined when it has expired or was ended, or the operator was disabled. */
  find(token: string): Promise<SignedIn | undefined>;
  /** A fresh token of the same session: one that was ended meanwhile is not revived by it. */
  renew(operator: SignedIn): Promise<Login>;
  /** Ends every login of the operator. */
  logout(name: string): Promise<void>;
  /** A login of a browser, which goes on with a second step where the operator has a second factor. Throws as `login` does. */
  begin(input: LoginInput, agent: string): Promise<BegunSession | HalfSignedIn>;
  /** Throws 400 `sign_in_expired`, 401 `second_factor_wrong`, 429. */
  secondStep(
    given: { readonly ticket: string; readonly code: string },
    visitor: Visitor,
  ): Promise<BegunSession>;
  /** A challenge for passkeys, whoever's they are. Throws 409 `passkeys_unavailable`, 429. */
  passkeyOptions(visitor: Visitor): Promise<Challenge>;
  /** By whatever passkey of an operator answered it: it is two factors in one. Throws 401 `passkey_invalid`. */
  beginByPasskey(given: PasskeyAnswer, visitor: Visitor): Promise<BegunSession>;
  /** The password again, for what asks for a fresh proof: the session goes on under another cookie. Throws 401 `login_failed`, 429. */
  stepUp(operator: SignedIn, password: string, visitor: Visitor): Promise<BegunSession>;
  /** Whose session of a browser it is; undefined as with `find`. */
  findSession(secret: string): Promise<SignedIn | undefined>;
  /** Ends the browser's session that the operator is signed in with. */
  endSession(operator: SignedIn): Promise<void>;
}

/** Where operators are logged in, browsers and programs. */
export interface OperatorSessions {
  /** The last used first; those that another password has ended are left out. */
  list(name: string): Promise<readonly BrowserSession[]>;
  /** @returns false where the operator has no such session */
  end(name: string, id: string): Promise<boolean>;
  /** @returns how many */
  endOthers(operator: SignedIn): Promise<number>;
}

export interface ListedServiceKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly returnOrigins: readonly string[];
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

/** What the administration works with beyond the ledger's commands. */
export interface Administration {
  readonly auth: OperatorAuth;
  readonly sessions: OperatorSessions;
  readonly factors: OperatorFactors;
  readonly passkeys: OperatorPasskeys;
  readonly identityProviders: IdentityProviderDesk;
  readonly operators: OperatorCommands;
  /** Corrections that wait for a second operator, the oldest first. */
  readonly pendingAdjustments: () => Promise<
    readonly (PendingAdjustment & { readonly externalUserId: string; readonly requestedAt: Date })[]
  >;
  readonly noteTrace: NoteTrace;
  /** The newest first, before one of them where one is named. */
  readonly listMails: (page: {
    readonly before?: string | undefined;
    readonly limit: number;
  }) => Promise<readonly ListedMail[]>;
  /** Queues a mail that says that mails arrive. */
  readonly testMail: (to: string, language: Language) => Promise<void>;
  readonly listTraces: OperatorTraces['list'];
  readonly listOperators: () => Promise<readonly OperatorView[]>;
  readonly setup: Setup;
  readonly jobs: JobDesk;
  readonly outbox: OutboxDesk;
  readonly poison: PoisonDesk;
  readonly overview: () => Promise<Overview>;
  readonly system: () => Promise<SystemView>;
  readonly reads: AdminReads;
  readonly acts: Acts;
  readonly alerts: AlertDesk;
  /** What the calls of the last days would have cost by a list. */
  readonly recompute: (list: Pick<PublishPriceList, 'prices' | 'groups'>) => Promise<Recomputed>;
  readonly serviceKeys: ServiceKeyCommands<ListedServiceKey & { readonly key: string }, Scope>;
  readonly listServiceKeys: () => Promise<readonly ListedServiceKey[]>;
  /** The first and last four of a channel's sealed key; undefined where it cannot be opened. */
  readonly maskOf: (sealed: Sealed) => string | undefined;
  /** How channels are doing, as all processes know it together. Rejects when that is away. */
  readonly channelReports: () => Promise<readonly ChannelReport[]>;
  /** Who gets the next call of a kind, by the rule of the relay. Rejects as `channelReports`. */
  readonly nextCall: (asked: AskedCall) => Promise<NextCall>;
  readonly channelTests: Pick<ChannelTests, 'run' | 'tryOut' | 'models'>;
  /** What a channel would be, by the rules of saved ones; nothing is written. */
  readonly draftChannel: (
    said: ConfigureChannel,
  ) => { readonly settings: ChannelSettings } | { readonly refusal: Refusal };
  /** Whether a channel or proxy at this address could be called: private ones cannot unless they are named. */
  readonly mayCall: (url: string) => Promise<boolean>;
  readonly defaultSettings: Settings;
  /** This process sees what was changed at once; the others look by themselves. */
  readonly refreshCatalogue: () => Promise<void>;
}
