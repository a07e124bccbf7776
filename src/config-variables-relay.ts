import { z } from 'zod';
import { variable } from './config-variable.js';
import { addressBlocks, integer } from './config-values.js';
import { callIdForms } from './domain/usage/call-id.js';

/** How calls are held, forwarded and charged. */
export const relayVariables = {
  HOLD_POLICY: variable(
    'When the balance cannot carry the worst case: `clamp` lowers the output limit to what it affords, `reject` refuses. Until the setting `hold_policy` is changed.',
    'clamp',
    z.enum(['clamp', 'reject']),
  ),
  USAGE_STREAMS: variable(
    'Where charges of new calls go: to streams of their `account`, or of the `process` that serves them, which costs less ([what it asks for](operators.md#streams-of-charges)). Every process of this version reads both.',
    'account',
    z.enum(callIdForms),
  ),
  HOLD_LEASES: variable(
    '`on`: calls of busy keys share one hold for a quarter of a second, which costs Redis and the relay less; needs `REDIS_URL` ([what it asks for](operators.md#leases-of-holds)). Every process of this version knows leases.',
    'off',
    z.enum(['off', 'on']),
  ),
  ABORT_CHARGE: variable(
    'What a client pays that hangs up: `prompt`, once upstream has the whole request, with what was delivered; or only what was `delivered`.',
    'prompt',
    z.enum(['prompt', 'delivered']),
  ),
  KEY_ABORTS_PER_MINUTE: variable(
    'Calls a minute that clients may hang up on with one access key; more are refused with 429 until the minute has moved on. 0: no limit.',
    '0',
    integer(0, 1_000_000),
  ),
  USER_ABORTS_PER_MINUTE: variable(
    'The same of each user, over all their keys. 0: no limit.',
    '0',
    integer(0, 1_000_000),
  ),
  RELAY_BODY_LIMIT_BYTES: variable(
    'Largest request body of the relay.',
    '20971520',
    integer(1024, 268_435_456),
  ),
  RELAY_BODY_BUDGET_BYTES: variable(
    'What the request bodies of all calls under way may hold of memory, at least one body; beyond it 503 with Retry-After.',
    '536870912',
    integer(1024, 68_719_476_736),
  ),
  RELAY_BODY_BUDGET_BYTES_PER_KEY: variable(
    'The same for the calls of one access key.',
    '134217728',
    integer(1024, 68_719_476_736),
  ),
  RELAY_UPLOAD_LIMIT_BYTES: variable(
    'Largest form with files (sound, pictures) that the relay takes. What exceeds 256 KiB waits in DATA_DIR while its call lasts, 4 GiB in all.',
    '67108864',
    integer(1024, 1_073_741_824),
  ),
  UPSTREAM_ALLOW_PRIVATE: variable(
    'Addresses and CIDR blocks, separated by commas, that channels and proxies may be at although they are private, loopback, link-local or otherwise not on the internet: `127.0.0.0/8,10.1.2.0/24`.',
    '',
    addressBlocks,
  ),
  WEBHOOK_ALLOW_PRIVATE: variable(
    'Addresses and CIDR blocks that webhooks of users, and anchors, may be at although they are not on the internet, by http as well as https.',
    '',
    addressBlocks,
  ),
  SIGN_IN_ALLOW_PRIVATE: variable(
    'Addresses and CIDR blocks that services which people sign in with may be at although they are not on the internet.',
    '',
    addressBlocks,
  ),
  UPSTREAM_FIRST_BYTE_TIMEOUT_MS: variable(
    'How long an upstream may take to begin its answer.',
    '120000',
    integer(100, 3_600_000),
  ),
  UPSTREAM_IDLE_TIMEOUT_MS: variable(
    'How long an upstream may pause within its answer.',
    '60000',
    integer(100, 3_600_000),
  ),
  UPSTREAM_TOKEN_COUNT_TIMEOUT_MS: variable(
    'How long an upstream may take to count a prompt (`count_tokens`, `countTokens`) before it is counted here; 0: it is not asked.',
    '2000',
    integer(0, 60_000),
  ),
  UNSEEN_PROMPT_TOKENS: variable(
    'Tokens held for a part of a prompt that cannot be seen (a conversation, a file by its id, what a search finds), within the window of the model.',
    '128000',
    integer(0, 10_000_000),
  ),
} as const;
