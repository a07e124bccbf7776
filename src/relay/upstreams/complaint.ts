/** What upstreams say in an error that its status does not. */
export type UpstreamComplaint = 'bad-key' | 'no-credit' | 'perhaps-no-credit' | 'unknown-model' | 'elsewhere';

const MAX_BODY_BYTES = 65_536;

/**
 * Codes that providers set themselves. What a caller can put into an error's text must never switch off a key: texts count only where they
 * are the whole message, or for a while.
 * https://platform.openai.com/docs/guides/error-codes https://docs.claude.com/en/api/errors https://ai.google.dev/api/rest/v1/Code
 */
const CODES: Readonly<Record<string, UpstreamComplaint>> = {
  invalid_api_key: 'bad-key',
  account_deactivated: 'bad-key',
  invalid_organization: 'bad-key',
  API_KEY_INVALID: 'bad-key',
  API_KEY_SERVICE_BLOCKED: 'bad-key',
  insufficient_quota: 'no-credit',
  billing_not_active: 'no-credit',
  billing_hard_limit_reached: 'no-credit',
  Arrearage: 'no-credit',
  model_not_found: 'unknown-model',
  DeploymentNotFound: 'unknown-model',
  previous_response_not_found: 'elsewhere',
};

const NO_CREDIT_AT_ANTHROPIC =
  'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.';
const NO_CREDIT_BEGINS = /^(your credit balance is too low|insufficient balance)/i;

/** Undefined: nothing that the status does not say. */
export function upstreamComplaint(body: Buffer): UpstreamComplaint | undefined {
  const error = errorIn(body);
  if (!error) return undefined;
  const { code, type, message, details } = error;
  for (const word of [code, type, ...reasonsIn(details)])
    if (typeof word === 'string' && Object.hasOwn(CODES, word)) return CODES[word];
  if (type === 'authentication_error') return 'bad-key';
  if (message === NO_CREDIT_AT_ANTHROPIC) return 'no-credit';
  return typeof message === 'string' && NO_CREDIT_BEGINS.test(message) ? 'perhaps-no-credit' : undefined;
}

function errorIn(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  if (body.length > MAX_BODY_BYTES) return undefined;
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    const outer: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    const error = (outer as { error?: unknown } | null)?.error;
    return typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Google's errors carry a reason among their details. */
function reasonsIn(details: unknown): readonly unknown[] {
  if (!Array.isArray(details)) return [];
  return details.map((detail: unknown) => (detail as { reason?: unknown } | null)?.reason);
}
