import type { ChannelSettings } from './settings.js';
import { forwardedFault, headerFault, isHeaderValue } from './headers.js';

/** What is asked, of what, how it is answered, and the limits that a hold counts with: overriding one of them would break a charge. */
const RESERVED = new Set([
  ...['model', 'messages', 'prompt', 'input', 'contents', 'stream', 'stream_options'],
  ...['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'n', 'best_of', 'generationConfig'],
]);
/** Members that some upstreams do not know and that the relay can do without. */
const DROPPABLE = new Set(['stream_options']);
const MAX_OVERRIDES_LENGTH = 16_384;

/** What is wrong with settings whose shape is right. Only for what is new: stored events are read whatever the rules of today are. */
export function settingsFault(settings: ChannelSettings): string | undefined {
  const { type, api_version: apiVersion, test_model: testModel, keys, proxy_url: proxyUrl } = settings;
  if (type !== 'azure-openai' && apiVersion !== null) return 'api_version is of azure-openai alone';
  const kindFault = faultOfKind(settings);
  if (kindFault !== undefined) return kindFault;
  if (testModel?.includes('*')) return 'test_model names one model';
  if (new Set(keys.map(({ id }) => id)).size < keys.length) return 'keys: two have the same id';
  const addressFault = baseFault(settings);
  if (addressFault !== undefined) return addressFault;
  if (proxyUrl !== null && hasCredentials(proxyUrl))
    return 'proxy_url carries credentials that are not sealed';
  return parametersFault(settings) ?? headersFault(settings);
}

/** Bedrock's own addresses name the region; one of a network of the operator's own does not. */
const NAMES_REGION = /^bedrock-runtime(-fips)?\.[a-z0-9-]+\./;
const VERTEX_BASE = /\/projects\/[^/]+\/locations\/[^/]+(\/publishers\/(google|anthropic))?\/?$/;

function faultOfKind({
  type,
  base_url: base,
  region,
  oauth,
  balance,
  endpoints,
}: ChannelSettings): string | undefined {
  const { hostname, pathname } = new URL(base);
  if (type !== 'bedrock' && region !== null) return 'region is of bedrock alone';
  if (type === 'bedrock' && region === null && !NAMES_REGION.test(hostname))
    return 'region: base_url does not name it';
  if (type === 'bedrock' && oauth !== null) return 'oauth: bedrock is signed for, or shown a key';
  if (type === 'vertex' && !VERTEX_BASE.test(pathname))
    return 'base_url ends with /projects/<project>/locations/<region>, and for Claude with /publishers/anthropic';
  if ((type === 'bedrock' || type === 'vertex') && Object.keys(endpoints).length > 0)
    return `endpoints: ${type} has an address of its own for each model`;
  if (balance !== null && (oauth !== null || type === 'bedrock' || type === 'vertex'))
    return 'balance is asked with a key that is shown';
  if (oauth !== null && hasCredentials(oauth.token_url)) return 'oauth: token_url carries credentials';
  return undefined;
}

function baseFault({ type, base_url: base, endpoints, auth }: ChannelSettings): string | undefined {
  if (hasCredentials(base)) return 'base_url carries credentials';
  const named = Object.entries(endpoints);
  for (const [protocol, address] of named) {
    if (hasCredentials(address)) return `endpoints: ${protocol} carries credentials`;
    if (saysFraming(address)) return `endpoints: ${protocol} says how answers are framed (alt)`;
  }
  if (auth !== 'own' && named.length === 0)
    return 'auth is of endpoints alone: without them each type shows the key in its own way';
  const { pathname } = new URL(base);
  if (type === 'azure-openai' && /\/deployments(\/|$)/.test(pathname))
    return 'base_url names a deployment: the name of the model does, with model_mapping where they differ';
  if (type === 'gemini' && saysFraming(base))
    return 'base_url says how answers are framed (alt), which each call says for itself';
  return undefined;
}

function saysFraming(address: string): boolean {
  const { searchParams } = new URL(address);
  return searchParams.has('alt') || searchParams.has('$alt');
}

function hasCredentials(address: string): boolean {
  const { username, password } = new URL(address);
  return username !== '' || password !== '';
}

function parametersFault({ parameter_overrides: overrides }: ChannelSettings): string | undefined {
  const changed = [...Object.keys(overrides.set), ...Object.keys(overrides.default)];
  const reserved =
    changed.find((name) => RESERVED.has(name)) ??
    overrides.drop.find((name) => RESERVED.has(name) && !DROPPABLE.has(name));
  if (reserved !== undefined) return `parameter_overrides: ${reserved} is the relay's own`;
  if (JSON.stringify(overrides).length > MAX_OVERRIDES_LENGTH)
    return `parameter_overrides: more than ${MAX_OVERRIDES_LENGTH} characters`;
  return undefined;
}

function headersFault({ header_overrides: set, forward_headers: forwarded }: ChannelSettings) {
  for (const name of [...Object.keys(set), ...forwarded]) {
    const fault = headerFault(name);
    if (fault !== undefined) return `the header ${JSON.stringify(name)} ${fault}`;
  }
  for (const name of forwarded) {
    const fault = forwardedFault(name);
    if (fault !== undefined) return `forward_headers: the header ${JSON.stringify(name)} ${fault}`;
  }
  const odd = Object.entries(set).find(([, value]) => !isHeaderValue(value));
  return odd && `the header ${odd[0]} has a value that cannot be sent`;
}
