/** A header's name as HTTP allows it, in lower case. */
const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;

/** Of one connection or one message only, or made by the relay itself: nobody else may set or forward them. */
const OWN = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
  ...['host', 'content-length', 'content-type', 'content-encoding', 'accept-encoding', 'expect', 'via'],
]);

/** Names that carry who somebody is: they would lie open in the log, or take a client's secret upstream. */
const CREDENTIAL =
  /(^|[-_])(authorization|authentication|auth|cookie2?|api[-_]?key|key|secret|password|token)($|[-_])/;
/** Where the client called from. */
const ORIGIN = /^(x-)?forwarded|^(x-real-ip|cf-connecting-ip|true-client-ip|set-cookie)$/;

/** Why a header may be neither set nor forwarded; undefined: it may. */
export function headerFault(name: string): string | undefined {
  if (!NAME.test(name)) return 'is no header name in lower case';
  if (OWN.has(name)) return 'belongs to the connection';
  if (CREDENTIAL.test(name)) return 'carries credentials';
  if (ORIGIN.test(name)) return 'tells where a client is';
  return undefined;
}

/** By which a client would say who pays upstream, where it runs, or at which class of service: a channel may set them. */
export const steeringHeaders = [
  'anthropic-organization-id',
  'anthropic-user-profile-id',
  'anthropic-workspace-id',
  'helicone-target-url',
  'openai-organization',
  'openai-project',
  'x-amzn-bedrock-guardrailidentifier',
  'x-amzn-bedrock-guardrailversion',
  'x-amzn-bedrock-performanceconfig-latency',
  'x-amzn-bedrock-service-tier',
  'x-goog-request-params',
  'x-goog-user-project',
  'x-vertex-ai-llm-request-type',
  'x-vertex-ai-llm-shared-request-type',
] as const;
const STEERING: ReadonlySet<string> = new Set(steeringHeaders);
/** Of gateways, whose headers name another provider, its address or its key. */
const OF_GATEWAYS = /^(x-portkey|x-litellm|cf-aig)-/;

/** Why a header of clients may not be forwarded that a channel may set; undefined: it may. */
export const forwardedFault = (name: string): string | undefined =>
  STEERING.has(name) || OF_GATEWAYS.test(name)
    ? 'says who pays or where a call goes: set it in header_overrides, a client is not to choose it'
    : undefined;

/** Characters that may stand in a header's value. */
export const isHeaderValue = (value: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
