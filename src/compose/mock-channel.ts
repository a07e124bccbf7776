import { installed } from '../support/installed.js';
import type { Base } from './base.js';
import { readBootstrapFile } from './bootstrap.js';
import { type Bootstrap, bootstrapChannel } from './bootstrap-schema.js';
import type { Ledger } from './ledger.js';
import { startMockUpstream } from './mock-upstream.js';
import type { WriteSide } from './write-side.js';

/** Found again at every start, so that a mock that is no longer there is not called. */
export const MOCK_CHANNEL = 'counterfoil-mock';
const LAST = -1_000_000;
/** Prices for whoever asks for the mock without a file of their own. */
const SAMPLE = installed('samples/bootstrap.yaml');

/**
 * Starts the mock and puts a channel for it beside those of the operator's own file: it serves every model that has a price, to every group
 * of the file, after all other channels. Without a file the sample's prices come with it.
 * @throws SettingsFileFault
 */
export async function withMockUpstream(own: Bootstrap | undefined, base: Base): Promise<Bootstrap> {
  const file = own ?? { ...(await readBootstrapFile(SAMPLE)), channels: [] };
  const mock = await startMockUpstream();
  base.shutdown.add('mock upstream', () => mock.close());
  base.log.warn(
    { base_url: mock.baseUrl },
    'a mock upstream answers what no other channel does: no model is behind it, and its answers are charged',
  );
  const channel = bootstrapChannel.parse({
    id: MOCK_CHANNEL,
    name: 'Counterfoil mock',
    base_url: mock.baseUrl,
    api_key: 'nobody-asks-for-it',
    models: ['*'],
    group: file.groups.map(({ name }) => name),
    priority: LAST,
  });
  return { ...file, channels: [...file.channels, channel] };
}

/** The sample's prices are for a ledger that has none: a list in force was published by somebody. */
export async function withoutSamplePrices(
  bootstrap: Bootstrap,
  { config, readModels }: Pick<Ledger, 'config' | 'readModels'>,
): Promise<Bootstrap> {
  if (config.bootstrapFile !== undefined || (await readModels.catalogue()).priceVersion === 0)
    return bootstrap;
  return { ...bootstrap, prices: [] };
}

/** A mock of an earlier start answers no more: its channel goes out of use. @returns the position of the event, if there was one */
export async function retireMockChannel({
  commands,
  readModels,
}: Pick<Ledger, 'readModels'> & Pick<WriteSide, 'commands'>): Promise<bigint | undefined> {
  const { channels } = await readModels.catalogue();
  if (!channels.some(({ channelId, enabled }) => channelId === MOCK_CHANNEL && enabled)) return undefined;
  const retired = await commands.setChannelEnabled(
    { channelId: MOCK_CHANNEL, enabled: false, reason: 'the mock upstream was not asked for at this start' },
    { actor: 'system', requestId: 'mock-upstream' },
  );
  return retired.ok ? retired.position : undefined;
}
