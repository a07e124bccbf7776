import type { ChannelKey, ChannelSettings } from '../../domain/channel/settings.js';
import type { Sealed } from '../../domain/stored/fields.js';
import {
  CHANNEL_KEY_PURPOSE,
  CHANNEL_PROXY_PURPOSE,
  CannotOpen,
  type Keyring,
} from '../../support/keyring.js';
import type { ChannelKeyInput } from './commands.js';

/** A key is named that the channel does not have. */
export class UnknownKey extends Error {
  override readonly name = 'UnknownKey';
}

/**
 * The keys of a channel as they are to be stored. A secret that the channel has already keeps its id, its box and, unless something else is
 * said, its state: sealing anew never gives the same box.
 * @throws UnknownKey
 */
export function sealKeys(
  keyring: Keyring,
  before: readonly ChannelKey[],
  inputs: readonly ChannelKeyInput[],
): ChannelKey[] {
  const known = before.map((key) => ({ key, secret: opened(keyring, key.sealed, CHANNEL_KEY_PURPOSE) }));
  return inputs.map((input) => {
    const found = known.find(({ key, secret }) =>
      'id' in input ? key.id === input.id : secret === input.secret,
    );
    if (found) return { ...found.key, disabled: stateOf(input, found.key.disabled) };
    if ('id' in input) throw new UnknownKey(`keys: there is none with the id ${input.id}`);
    return {
      id: keyring.fingerprintOf(input.secret),
      sealed: keyring.seal(input.secret, CHANNEL_KEY_PURPOSE),
      disabled: stateOf(input, null),
    };
  });
}

function stateOf({ enabled }: ChannelKeyInput, before: ChannelKey['disabled']): ChannelKey['disabled'] {
  if (enabled === undefined) return before;
  if (enabled) return null;
  return before ?? { reason: 'configured', automatic: false };
}

type ProxyFields = Pick<ChannelSettings, 'proxy_url' | 'sealed_proxy_credentials'>;

/** Address and credentials apart, the latter sealed. `proxyUrl` undefined: as it is. An address that is none is left to the domain to refuse. */
export function sealProxy(
  keyring: Keyring,
  before: ProxyFields | undefined,
  proxyUrl: string | null | undefined,
): ProxyFields {
  if (proxyUrl === undefined && before) {
    const { proxy_url, sealed_proxy_credentials } = before;
    return { proxy_url, sealed_proxy_credentials };
  }
  const given = proxyUrl ?? null;
  if (given === null || !URL.canParse(given)) return { proxy_url: given, sealed_proxy_credentials: null };
  const url = new URL(given);
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  if (credentials === ':') return { proxy_url: given, sealed_proxy_credentials: null };
  url.username = url.password = '';
  const current = before?.sealed_proxy_credentials;
  const same = current && opened(keyring, current, CHANNEL_PROXY_PURPOSE) === credentials;
  const sealed = same ? current : keyring.seal(credentials, CHANNEL_PROXY_PURPOSE);
  return { proxy_url: url.href, sealed_proxy_credentials: sealed };
}

/** A secret that can no longer be opened is one to be replaced. */
function opened(keyring: Keyring, sealed: Sealed, purpose: string): string | undefined {
  try {
    return keyring.open(sealed, purpose);
  } catch (error) {
    if (error instanceof CannotOpen) return undefined;
    throw error;
  }
}
