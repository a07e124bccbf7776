import { z } from 'zod';
import { variable } from './config-variable.js';
import { relayVariables } from './config-variables-relay.js';
import {
  addressBlocks,
  integer,
  masterKey,
  publicUrl,
  serviceKeys,
  timezone,
  urlOf,
  usd,
} from './config-values.js';

/** Every variable the service reads. docs/configuration.md is generated from this table, and docker-compose.yml is checked against it. */
export const variables = {
  PORT: variable('Port to listen on; 0 takes a free one.', '3000', integer(0, 65535)),
  HOST: variable('Address to listen on.', '127.0.0.1', z.string().min(1).max(253)),
  TRUSTED_PROXIES: variable(
    'Addresses and CIDR blocks of the proxies before this process, separated by commas. From them alone `X-Forwarded-For`, `Forwarded` and the PROXY protocol (v1, v2) say who calls.',
    '',
    addressBlocks,
  ),
  ADMIN_ADDRESSES: variable(
    'Addresses and CIDR blocks from which operators may come to `/api/admin`, separated by commas; empty: from anywhere.',
    '',
    addressBlocks,
  ),
  CONNECTIONS_PER_ADDRESS: variable(
    'Connections that one address (of IPv6: one /64) may have open; 0: any number. Trusted proxies and this machine may have any number.',
    '1000',
    integer(0, 1_000_000),
  ),
  METRICS_PORT: variable(
    'Port of its own for `/metrics`, which then is nowhere else. Absent: on PORT, where HOST is loopback or METRICS_TOKEN is set.',
    null,
    integer(1, 65535),
  ),
  METRICS_TOKEN: variable(
    '`/metrics` asks for it as `Authorization: Bearer`.',
    null,
    z.string().regex(/^[\x21-\x7e]{16,200}$/, '16 to 200 printable characters'),
  ),
  DATA_DIR: variable('Embedded database, spool, generated master key.', './.counterfoil', z.string().min(1)),
  ROLE: variable(
    'What this process does. Roles apart need real servers.',
    'all',
    z.enum(['all', 'api', 'relay', 'projector']),
  ),
  EVENTSTORE_URL: variable(
    'EventStoreDB. Absent: the log lives in PostgreSQL.',
    null,
    urlOf('esdb', 'esdb+discover', 'kurrentdb', 'kurrentdb+discover'),
  ),
  DATABASE_URL: variable(
    'PostgreSQL. Absent: an embedded one in DATA_DIR.',
    null,
    urlOf('postgres', 'postgresql'),
  ),
  DATABASE_OWNER_URL: variable(
    'The same database under the role that owns the tables, for migrations alone: that of DATABASE_URL then can add to the log and not change it.',
    null,
    urlOf('postgres', 'postgresql'),
  ),
  REDIS_URL: variable(
    'Redis for balances and holds. Absent: in this process.',
    null,
    urlOf('redis', 'rediss'),
  ),
  MASTER_KEY: variable(
    '32 bytes in base64: seals personal data and upstream keys. Absent: made once in DATA_DIR/master.key.',
    null,
    masterKey,
  ),
  SEALED_LOG: variable(
    '`new`: a new log says with its first events that all of it is sealed, and one from before need not. `required`: a log that does not say from where on every event of it is sealed is a wrong one. `optional`: no log says so by itself; events are sealed all the same, and seals that are there must be right.',
    'new',
    z.enum(['optional', 'new', 'required']),
  ),
  NEW_MASTER_KEY: variable(
    'What `counterfoil rotate-master-key` puts in the place of MASTER_KEY; read by nothing else.',
    null,
    masterKey,
  ),
  EXTERNAL_API_AUTH: variable(
    '`key`: the external API asks for a service key. `open`: it asks nobody.',
    'key',
    z.enum(['key', 'open']),
  ),
  EXTERNAL_API_OPEN_BEYOND_LOOPBACK: variable(
    'States a second time that an open external API may listen beyond loopback.',
    'no',
    z.enum(['no', 'yes']),
  ),
  SERVICE_KEYS: variable('Preset service keys with every scope, separated by commas.', '', serviceKeys),
  LEDGER_TIMEZONE: variable('Zone in which days begin in logs and statistics.', 'UTC', timezone),
  BOOTSTRAP_FILE: variable(
    'Prices, groups and channels to apply at start (JSON or YAML).',
    null,
    z.string().min(1),
  ),
  ADJUST_ALONE_USD: variable(
    'Largest correction of a balance, or transfer to the account, that one operator records alone; a larger one waits for another. Absent: any.',
    null,
    usd,
  ),
  TOPUP_MIN_USD: variable('Smallest top-up.', '0.01', usd),
  TOPUP_MAX_USD: variable('Largest top-up.', '1000000', usd),
  TEST_PAYMENTS: variable(
    '`on`: orders may be paid with the test provider, which takes no money. Only on loopback.',
    'off',
    z.enum(['on', 'off']),
  ),
  EXTERNAL_API_REQUESTS_PER_SECOND: variable(
    'Rate limit of each service key.',
    '1000',
    integer(1, 1_000_000),
  ),
  ...relayVariables,
  SHUTDOWN_DEADLINE_MS: variable(
    'How long open streams may go on after SIGTERM.',
    '30000',
    integer(0, 600_000),
  ),
  OUTBOX_MAX_WAITING: variable(
    'Entries of one reaction that may wait to be sent; above that the reaction pauses, and the log keeps its place.',
    '100000',
    integer(1, 100_000_000),
  ),
  OUTBOX_ATTEMPTS: variable(
    'Attempts before an entry becomes a dead letter, for receivers that say nothing else. 16 are up to five hours.',
    '16',
    integer(1, 1000),
  ),
  OUTBOX_ATTEMPT_TIMEOUT_MS: variable(
    'How long an attempt may take, for receivers that say nothing else.',
    '15000',
    integer(100, 600_000),
  ),
  OUTBOX_KEPT_DAYS: variable(
    'How long what was sent or discarded can be looked at. Dead letters stay.',
    '30',
    integer(1, 3650),
  ),
  PUBLIC_URL: variable(
    'Where browsers reach this service, such as `https://api.example.com`: links in mails, cookies, the origin of pages. Absent: `http://` HOST and PORT.',
    null,
    publicUrl,
  ),
  SMTP_URL: variable(
    'Server that mails are sent by: `smtp://` or `smtps://`, with user and password. Absent: mails stay in the outbox, and beyond loopback nobody can register.',
    null,
    urlOf('smtp', 'smtps'),
  ),
  MAIL_FROM: variable('Sender of mails: an address, or `Name <address>`.', null, z.string().min(3).max(300)),
  BACKUP_DIR: variable(
    'Folder on this machine that backups and drills write into which operators start in Admin. Absent: none can be started there.',
    null,
    z.string().min(1),
  ),
  BACKUP_PASSPHRASE_FILE: variable(
    'File whose first line these backups are encrypted with, of at least 12 characters.',
    null,
    z.string().min(1),
  ),
  BACKUP_KEY_FILE: variable(
    'Instead: file with the 32 bytes that they are encrypted with, in base64. Absent both: they are not encrypted.',
    null,
    z.string().min(1),
  ),
  TRANSPARENCY: variable(
    'The signed tree of the log, by which strangers see that nothing was changed: `public`, under `/transparency/`; `kept`, for receipts and exports alone; `off`.',
    'public',
    z.enum(['public', 'kept', 'off']),
  ),
  TRANSPARENCY_ORIGIN: variable(
    'Name of this log among others, such as `ledger.example.com/transparency`; read at the first start alone, since it is for ever. Absent: of PUBLIC_URL, or of the ledger’s id.',
    null,
    z.string().regex(/^[^\s+\p{Cc}]{3,200}$/u, '3 to 200 characters without spaces and +'),
  ),
  ANCHORS_FILE: variable(
    'Where checkpoints go beside `/transparency/` (JSON or YAML): folders, object stores, repositories, webhooks, mail, witnesses. [proof.md](proof.md#anchors) has one.',
    null,
    z.string().min(1),
  ),
  GRANTS: variable(
    '`on`: quota can be given. A process of a version before stops at the first grant: turn it on when every process has this version.',
    'off',
    z.enum(['off', 'on']),
  ),
  PLANS: variable(
    '`on`: plans can be published and bought; needs `GRANTS=on`. A process of a version before stops at the first one: turn it on when every process has this version.',
    'off',
    z.enum(['on', 'off']),
  ),
  TEAMS: variable(
    '`on`: teams can be created, and budgets set for their members and keys. A process of a version before stops at the first one: turn it on when every process has this version.',
    'off',
    z.enum(['on', 'off']),
  ),
  CASH: variable(
    '`on`: fees and payouts of payment providers can be booked. A process of a version before stops at the first one: turn it on when every process has this version.',
    'off',
    z.enum(['off', 'on']),
  ),
  CODES: variable(
    '`on`: redemption codes can be made, where GRANTS is on too. A process of a version before stops at the first batch of codes: turn it on when every process has this version.',
    'off',
    z.enum(['off', 'on']),
  ),
  REFERRALS: variable(
    '`on`: users can be invited by others, who get a part of what their orders are credited; needs `GRANTS=on`. A process of a version before stops at the first one who was invited: turn it on when every process has this version.',
    'off',
    z.enum(['off', 'on']),
  ),
  LIABILITY: variable(
    '`daily`: at the end of each day it is signed what is owed to all accounts, and every balance can be proved to be in it (docs/proof.md); to be said when every process has a version that knows it, and with TRANSPARENCY. `off`: it is not.',
    'off',
    z.enum(['daily', 'off']),
  ),
  LOG_LEVEL: variable(
    'Least important lines that are logged.',
    'info',
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
  ),
} as const;

export type VariableName = keyof typeof variables;
export type VariableValues = {
  readonly [Name in VariableName]:
    | z.output<(typeof variables)[Name]['schema']>
    | ((typeof variables)[Name]['fallback'] extends null ? undefined : never);
};
