import { readFile, stat } from 'node:fs/promises';
import { parse } from 'yaml';
import type { Commands } from '../commands/commands.js';
import type { CommandMeta } from '../commands/handling/command.js';
import { bootstrapSchema, type Bootstrap, type BootstrapChannel } from './bootstrap-schema.js';

const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** What is wrong with a bootstrap file, all of it at once. Never the values: upstream keys are among them. */
export class BootstrapFault extends Error {
  override readonly name = 'BootstrapFault';
}

/** Reads JSON or YAML. @throws BootstrapFault naming every fault by its place in the file */
export function parseBootstrap(text: string): Bootstrap {
  let content: unknown;
  try {
    content = parse(text, { prettyErrors: false, logLevel: 'error' });
  } catch (error) {
    throw new BootstrapFault(`the bootstrap file is neither JSON nor YAML: ${(error as Error).name}`);
  }
  const parsed = bootstrapSchema.safeParse(content ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `  ${placeOf(path)}: ${message}`);
  throw new BootstrapFault(`the bootstrap file is not usable:\n${faults.join('\n')}`);
}

/** @throws BootstrapFault, also for a file that is absent or too large */
export async function readBootstrapFile(path: string): Promise<Bootstrap> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES)
      throw new BootstrapFault(`the bootstrap file is larger than ${MAX_FILE_BYTES} bytes`);
    return parseBootstrap(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof BootstrapFault) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new BootstrapFault(`BOOTSTRAP_FILE cannot be read (${code ?? 'unknown'})`, { cause: error });
  }
}

/**
 * Applies the file as events: what the log already says is not said again, so that a restart appends nothing. The price list of the
 * file replaces the one in force where it is another than the file's last one; prices published since then otherwise stay. Channels that
 * are not in the file stay as they are.
 *
 * @param onKept told of the version that stays in force instead of the file's prices
 * @returns the log position to wait for; undefined when the file says nothing
 * @throws BootstrapFault when the domain refuses it, LedgerUnavailable
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
  throw new BootstrapFault(`the bootstrap file's ${what} is refused (${refusal.code})${detail}`);
}

function placeOf(path: readonly PropertyKey[]): string {
  const place = path
    .map((step) => (typeof step === 'number' ? `[${step + 1}]` : `.${String(step)}`))
    .join('');
  return place.replace(/^\./, '') || 'the file';
}
