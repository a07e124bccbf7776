import type { ConvertibleProtocol } from '../../src/domain/channel/conversion.js';
import { OpenHolds } from '../../src/relay/holds/open-holds.js';
import type { RelayDependencies } from '../../src/relay/ports.js';
import { channel, KEY, price, startWorld } from '../../test/relay/support/relay-world.js';
import { cpuSeconds } from '../support/processor.js';
import { startCounterfoil } from './subjects/service.js';
import { TRAFFICS } from './traffic.js';

/** A relay that is measured. */
export interface World {
  readonly url: string;
  /** How a client of the protocol sends its key. */
  readonly authorizationOf: (client: ConvertibleProtocol) => Readonly<Record<string, string>>;
  /** Processor time that the relay's process has used, in microseconds. */
  readonly spentMicros: () => number;
  /** Once all that follows from the calls so far is done, and nothing of them is kept. */
  readonly settled: () => Promise<unknown>;
  close(): Promise<unknown>;
}

interface Upstream {
  readonly protocol: ConvertibleProtocol;
  /** Protocols of the clients that its channel converts. */
  readonly from: readonly ConvertibleProtocol[];
}

const authorizing =
  (key: string): World['authorizationOf'] =>
  (client) =>
    ({
      chat: { authorization: `Bearer ${key}` },
      messages: { 'x-api-key': key },
      responses: { authorization: `Bearer ${key}` },
      generate: { 'x-goog-api-key': key },
    })[client];

const channelOf = (url: string, { protocol, from }: Upstream) => ({
  models: [...TRAFFICS],
  endpoints: { [protocol]: url },
  conversion: { from: [...from], on_loss: 'drop' as const, quirks: [] },
});

const nothing = () => Promise.resolve();
const none = () => Promise.resolve([]);
const fail = (what: unknown): never => {
  throw new Error(`a hold failed: ${String(what)}`);
};

/** The relay alone, in this process: durable at once and kept nowhere. What the log costs is no part of what is compared. */
export async function relayAlone(upstreamPort: number, upstream: Upstream): Promise<World> {
  const url = `http://127.0.0.1:${upstreamPort}/v1`;
  const settlement: RelayDependencies['settlement'] = {
    accepting: true,
    endingAfter: () => undefined,
    charge: ({ call_id }) =>
      world.balance.release([call_id]).then(() => {
        holds.forget(call_id);
        return { durable: 'log', position: 1n } as const;
      }),
    fail: ({ code }) => {
      throw new Error(`a call failed: ${code}`);
    },
  };
  // The service's: it lets go of a call with its end, where a table of the test's own would keep it for the next full collection.
  const cache = { renew: none, register: nothing, settle: nothing, onLost: () => () => undefined };
  const holds = new OpenHolds({ cache, onOverrun: fail, onProblem: fail });
  const world = await startWorld({
    channels: [channel(upstream.protocol, url, channelOf(url, upstream))],
    prices: TRAFFICS.map((model) => price(model)),
    balance: 10n ** 15n,
    dependencies: { settlement, holds },
  });
  return {
    url: world.url,
    authorizationOf: authorizing(KEY),
    spentMicros: () => {
      const { user, system } = process.cpuUsage();
      return user + system;
    },
    settled: async () => {
      for (const each of Object.values(world.observed)) each.length = 0;
    },
    close: () => Promise.all([world.close(), holds.close()]),
  };
}

/** The service in its roles, whose relay alone counts: as it is run, with holds in Redis and charges in the log. */
export async function wholeService(upstreamPort: number, upstream: Upstream): Promise<World> {
  const url = `http://127.0.0.1:${upstreamPort}/v1`;
  const service = await startCounterfoil(upstreamPort, { channel: channelOf(url, upstream) });
  return {
    url: service.url,
    authorizationOf: authorizing(service.accessKeys[0] as string),
    spentMicros: () => cpuSeconds(service.pids) * 1e6,
    settled: () => service.charges?.() ?? nothing(),
    close: () => service.stop(),
  };
}
