import type { Commands } from '../commands/commands.js';
import type { CommandMeta } from '../commands/handling/command.js';
import { bootstrapSchema, type Bootstrap, type BootstrapChannel } from './bootstrap-schema.js';
import { parseSettings, readSettingsFile, SettingsFileFault } from './settings-file.js';

const BOOTSTRAP = { what: 'bootstrap file', variable: 'BOOTSTRAP_FILE', schema: bootstrapSchema };

/** Reads JSON or YAML. @throws SettingsFileFault naming every fault by its place in the file */
export const parseBootstrap = (text: string): Bootstrap => parseSettings(text, BOOTSTRAP);

/** @throws SettingsFileFault, also for a file that is absent or too large */
export const readBootstrapFile = (path: string): Promise<Bootstrap> => readSettingsFile(path, BOOTSTRAP);

/**
 * Applies the file as events: what the log already says is not said again, so that a restart appends nothing. The price list of the
 * file replaces the one in force where it is another than the file's last one; prices published since then otherwise stay. Channels that
 * are not in the file stay as they are.
 *
 * @param onKept told of the version that stays in force instead of the file's prices
 * @returns the log position to wait for; undefined when the file says nothing
 * @throws SettingsFileFault when the domain refuses it, LedgerUnavailable
 */
export async function applyBootstrap(
  { prices, groups, channels }: Bootstrap,
  commands: Pick<Commands, 'publishPriceList' | 'configureChannel'>,
  onKept: (version: number) => void,
): Promise<bigint | undefined> {
  const positions: bigint[] = [];
  if (prices.length > 0) {
    const list = { prices, groups, unlessRepeated: true };
    const published = await commands.publishPriceList(list, metaOf('prices'));
    positions.push(positionOf(published, 'prices'));
    if (published.ok && published.value.keptLater) onKept(published.value.version);
  }
  for (const channel of channels) {
    const configured = await commands.configureChannel(commandOf(channel), metaOf(channel.id));
    positions.push(positionOf(configured, `channel ${channel.id}`));
  }
  return positions.reduce<bigint | undefined>(
    (last, position) => (last === undefined || position > last ? position : last),
    undefined,
  );
}

function commandOf({ id, secrets, group, proxy_url: proxyUrl, enabled, ...rest }: BootstrapChannel) {
  const keys = secrets.map((secret) => ({ secret }));
  return { channelId: id, settings: { ...rest, groups: group }, keys, proxyUrl, enabled };
}

const metaOf = (what: string): CommandMeta => ({ actor: 'bootstrap', requestId: `bootstrap-${what}` });

function positionOf(
  result: Awaited<ReturnType<Commands['publishPriceList'] | Commands['configureChannel']>>,
  what: string,
): bigint {
  if (result.ok) return result.position;
  const { refusal } = result;
  const detail = 'detail' in refusal ? `: ${refusal.detail}` : '';
  throw new SettingsFileFault(`the bootstrap file's ${what} is refused (${refusal.code})${detail}`);
}
