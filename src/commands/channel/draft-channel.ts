import { channelDecider } from '../../domain/channel/decide.js';
import type { ChannelSettings } from '../../domain/channel/settings.js';
import type { Refusal } from '../../domain/refusal.js';
import type { Keyring } from '../../support/keyring.js';
import { sealKeys, sealProxy, UnknownKey } from './channel-secrets.js';
import type { ConfigureChannel } from './commands.js';

/**
 * What a channel would be if it were configured so, without a channel to begin with: by the same rules, and nothing is written. Its keys are
 * given as secrets, so that none that is kept goes to an address that is only tried.
 */
export function draftChannel(
  keyring: Keyring,
  { channelId, settings, keys, proxyUrl }: ConfigureChannel,
): { readonly settings: ChannelSettings } | { readonly refusal: Refusal } {
  try {
    const secrets = { keys: sealKeys(keyring, [], keys), ...sealProxy(keyring, undefined, proxyUrl) };
    const whole = { ...settings, ...secrets };
    const command = { type: 'configure', channelId, settings: whole, enabled: true, by: 'draft' } as const;
    const decision = channelDecider.decide(command, undefined);
    return decision.kind === 'refused' ? { refusal: decision.refusal } : { settings: whole };
  } catch (error) {
    if (!(error instanceof UnknownKey)) throw error;
    return { refusal: { code: 'channel_invalid', detail: error.message } };
  }
}
