import type { Ledger } from './ledger.js';
import { MOCK_CHANNEL } from './mock-channel.js';

/**
 * Says at the start which channels serve nothing, by name: a sample's are disabled until they have a key of the operator's own, and who
 * did not notice would ask clients why they get 503.
 */
export async function reportChannelsOutOfUse({
  log,
  readModels,
}: Pick<Ledger, 'log' | 'readModels'>): Promise<void> {
  const { channels } = await readModels.catalogue();
  const isOut = ({ channelId, enabled }: (typeof channels)[number]) => !enabled && channelId !== MOCK_CHANNEL;
  const disabled = channels.filter(isOut).map(({ settings }) => settings.name);
  if (disabled.length > 0)
    log.warn({ disabled }, 'channels are disabled: they serve nothing until they have a key and are enabled');
  if (!channels.some(({ enabled }) => enabled))
    log.warn({}, 'no channel is in use: calls of every model are answered with 503 no_channel');
}
