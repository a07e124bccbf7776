import { resolve } from 'node:path';
import type { SecretFiles } from './backup/sealing/read-secret.js';
import { contradictionsIn } from './config-contradictions.js';
import { type StatedVariable, statedVariables } from './config-stated.js';
import { variables, type VariableName, type VariableValues } from './config-variables.js';
import type { CallIdForm } from './domain/usage/call-id.js';

/** What the environment says, read and checked once. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly trustedProxies: readonly string[];
  readonly adminAddresses: readonly string[];
  readonly connectionsPerAddress: number;
  readonly metricsPort: number | undefined;
  readonly metricsToken: string | undefined;
  /** Absolute. */
  readonly dataDir: string;
  readonly role: 'all' | 'api' | 'relay' | 'projector';
  readonly eventStoreUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly databaseOwnerUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly masterKey: Uint8Array | undefined;
  /** Whether a log must say that it is sealed, or a new one alone says so. */
  readonly sealedLog: 'optional' | 'new' | 'required';
  readonly newMasterKey: Uint8Array | undefined;
  readonly externalApiAuth: 'key' | 'open';
  readonly serviceKeys: readonly string[];
  readonly timezone: string;
  readonly bootstrapFile: string | undefined;
  readonly adjustAloneUsd: string | undefined;
  /** Asked for at the start alone: no environment of a deployment can bring it along. */
  readonly mockUpstream: boolean;
  /** As above: whoever reaches the service reads every mail that it keeps. */
  readonly openOutbox: boolean;
  /** Orders may be paid with the test provider, which takes no money. */
  readonly testPayments: boolean;
  readonly topupLimits: { readonly minUsd: string; readonly maxUsd: string };
  readonly externalApiRequestsPerSecond: number;
  readonly holdPolicy: 'clamp' | 'reject';
  readonly usageStreams: CallIdForm;
  readonly leasesHolds: boolean;
  readonly abortCharge: 'prompt' | 'delivered';
  readonly abortsPerMinute: { readonly key: number; readonly user: number };
  readonly relayBodyLimitBytes: number;
  readonly relayBodyBudgetBytes: number;
  readonly relayBodyBudgetBytesPerKey: number;
  readonly relayUploadLimitBytes: number;
  readonly upstreamFirstByteTimeoutMs: number;
  /** Private addresses and CIDR blocks that channels and proxies may be at. */
  readonly upstreamAllowPrivate: readonly string[];
  /** The same for webhooks of users. */
  readonly webhookAllowPrivate: readonly string[];
  readonly signInAllowPrivate: readonly string[];
  /**
   * Origins that may be at a loopback address since the operator's own bootstrap file names them; empty until that was read, and where the
   * service listens beyond loopback (ADR 0022).
   */
  readonly upstreamOwnOrigins: readonly string[];
  readonly upstreamTokenCountTimeoutMs: number;
  readonly unseenPromptTokens: number;
  readonly upstreamIdleTimeoutMs: number;
  readonly shutdownDeadlineMs: number;
  /** Whether new grants are given: only where every process knows them. */
  readonly givesGrants: boolean;
  /** Whether new codes are made: likewise. */
  readonly makesCodes: boolean;
  /** Whether users can be invited by others. */
  readonly bindsReferrals: boolean;
  /** Whether plans are published and ordered: only where every process knows them. */
  readonly sellsPlans: boolean;
  /** Whether teams are created and changed: only where every process knows them. */
  readonly hasTeams: boolean;
  /** Whether fees and payouts of providers are booked: likewise. */
  readonly booksCash: boolean;
  readonly outbox: {
    readonly maxWaiting: number;
    readonly attempts: number;
    readonly attemptTimeoutMs: number;
    readonly keptDays: number;
  };
  /** An origin. */
  readonly publicUrl: string | undefined;
  readonly transparency: {
    readonly mode: VariableValues['TRANSPARENCY'];
    readonly origin: string | undefined;
    /** Whether every day ends with what is owed to all accounts. */
    readonly closesDays: boolean;
  };
  /** Where checkpoints go. */
  readonly anchorsFile: string | undefined;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string | undefined;
  /** Where backups go that are started in Admin; undefined where none can be. */
  readonly backups: ({ readonly folder: string } & SecretFiles) | undefined;
  readonly logLevel: VariableValues['LOG_LEVEL'];
  /** What of this is said by which variable, for people to look at; without secrets. */
  readonly stated: readonly StatedVariable[];
}

/** Every fault of the environment at once; never the value of a variable, which may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly faults: readonly string[]) {
    super(`the environment is not usable:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

/** What the command line says beside the environment. */
export interface StartOptions {
  /** A channel to a mock on loopback, for calls that no other channel serves. */
  readonly mockUpstream?: boolean;
  /** So many processes behind one port. */
  readonly workers?: number | undefined;
  /** Mails that nobody sends are shown to everybody on loopback: for a demo, where everybody is one person. */
  readonly openOutbox?: boolean;
  /** As TEST_PAYMENTS=on. */
  readonly testPayments?: boolean;
}

/** @throws ConfigError naming every variable that is wrong. An empty variable counts as absent. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  { mockUpstream = false, openOutbox = false, testPayments = false, workers }: StartOptions = {},
): Config {
  const faults: string[] = [];
  const values: Partial<Record<VariableName, unknown>> = {};
  for (const name of Object.keys(variables) as VariableName[]) {
    const text = environment[name] || variables[name].fallback;
    if (text === null) continue;
    const parsed = variables[name].schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else faults.push(`${name}: must be ${describe(parsed.error.issues)}`);
  }
  if (faults.length > 0) throw new ConfigError(faults);
  const given = toConfig(values as VariableValues);
  const asked = { mockUpstream, openOutbox, testPayments: testPayments || given.testPayments };
  const contradictions = contradictionsIn(values as VariableValues, { ...asked, workers });
  if (contradictions.length > 0) throw new ConfigError(contradictions);
  return { ...given, ...asked, stated: statedVariables(environment) };
}

type Issues = readonly {
  readonly message: string;
  readonly code?: string;
  readonly values?: readonly unknown[];
}[];

function describe(issues: Issues): string {
  return issues
    .map((issue) => (issue.values ? `one of ${issue.values.join(', ')}` : issue.message))
    .join('; ');
}

/** What is on or off. */
const switchesOf = ({ GRANTS, CODES, PLANS, REFERRALS, TEAMS, CASH, TEST_PAYMENTS }: VariableValues) => ({
  givesGrants: GRANTS === 'on',
  makesCodes: CODES === 'on',
  bindsReferrals: REFERRALS === 'on',
  sellsPlans: PLANS === 'on',
  hasTeams: TEAMS === 'on',
  booksCash: CASH === 'on',
  testPayments: TEST_PAYMENTS === 'on',
});

function toConfig(values: VariableValues): Omit<Config, 'mockUpstream' | 'openOutbox' | 'stated'> {
  return {
    port: values.PORT,
    host: values.HOST,
    trustedProxies: values.TRUSTED_PROXIES,
    adminAddresses: values.ADMIN_ADDRESSES,
    connectionsPerAddress: values.CONNECTIONS_PER_ADDRESS,
    metricsPort: values.METRICS_PORT,
    metricsToken: values.METRICS_TOKEN,
    dataDir: resolve(values.DATA_DIR),
    role: values.ROLE,
    ...switchesOf(values),
    eventStoreUrl: values.EVENTSTORE_URL,
    databaseUrl: values.DATABASE_URL,
    databaseOwnerUrl: values.DATABASE_OWNER_URL,
    redisUrl: values.REDIS_URL,
    masterKey: values.MASTER_KEY,
    sealedLog: values.SEALED_LOG,
    newMasterKey: values.NEW_MASTER_KEY,
    externalApiAuth: values.EXTERNAL_API_AUTH,
    serviceKeys: values.SERVICE_KEYS,
    timezone: values.LEDGER_TIMEZONE,
    bootstrapFile: values.BOOTSTRAP_FILE,
    adjustAloneUsd: values.ADJUST_ALONE_USD,
    topupLimits: { minUsd: values.TOPUP_MIN_USD, maxUsd: values.TOPUP_MAX_USD },
    externalApiRequestsPerSecond: values.EXTERNAL_API_REQUESTS_PER_SECOND,
    holdPolicy: values.HOLD_POLICY,
    usageStreams: values.USAGE_STREAMS,
    leasesHolds: values.HOLD_LEASES === 'on',
    abortCharge: values.ABORT_CHARGE,
    abortsPerMinute: { key: values.KEY_ABORTS_PER_MINUTE, user: values.USER_ABORTS_PER_MINUTE },
    relayBodyLimitBytes: values.RELAY_BODY_LIMIT_BYTES,
    relayBodyBudgetBytes: values.RELAY_BODY_BUDGET_BYTES,
    relayBodyBudgetBytesPerKey: values.RELAY_BODY_BUDGET_BYTES_PER_KEY,
    relayUploadLimitBytes: values.RELAY_UPLOAD_LIMIT_BYTES,
    upstreamAllowPrivate: values.UPSTREAM_ALLOW_PRIVATE,
    webhookAllowPrivate: values.WEBHOOK_ALLOW_PRIVATE,
    signInAllowPrivate: values.SIGN_IN_ALLOW_PRIVATE,
    upstreamOwnOrigins: [],
    upstreamFirstByteTimeoutMs: values.UPSTREAM_FIRST_BYTE_TIMEOUT_MS,
    upstreamTokenCountTimeoutMs: values.UPSTREAM_TOKEN_COUNT_TIMEOUT_MS,
    unseenPromptTokens: values.UNSEEN_PROMPT_TOKENS,
    upstreamIdleTimeoutMs: values.UPSTREAM_IDLE_TIMEOUT_MS,
    shutdownDeadlineMs: values.SHUTDOWN_DEADLINE_MS,
    outbox: {
      maxWaiting: values.OUTBOX_MAX_WAITING,
      attempts: values.OUTBOX_ATTEMPTS,
      attemptTimeoutMs: values.OUTBOX_ATTEMPT_TIMEOUT_MS,
      keptDays: values.OUTBOX_KEPT_DAYS,
    },
    publicUrl: values.PUBLIC_URL,
    transparency: {
      mode: values.TRANSPARENCY,
      origin: values.TRANSPARENCY_ORIGIN,
      closesDays: values.LIABILITY === 'daily',
    },
    anchorsFile: values.ANCHORS_FILE,
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM,
    backups:
      values.BACKUP_DIR === undefined
        ? undefined
        : {
            folder: resolve(values.BACKUP_DIR),
            passphraseFile: values.BACKUP_PASSPHRASE_FILE,
            keyFile: values.BACKUP_KEY_FILE,
          },
    logLevel: values.LOG_LEVEL,
  };
}
