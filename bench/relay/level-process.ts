import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openRedisCachedBalance } from '../../src/balance/redis/redis-cached-balance.js';
import { ClientResponse } from '../../src/relay/call/client-response.js';
import type { RelayDependencies } from '../../src/relay/ports.js';
import { type StreamSink } from '../../src/relay/upstreams/transport/exchange.js';
import { UpstreamPools } from '../../src/relay/upstreams/transport/pools.js';
import { isEventStream } from '../../src/relay/dialects/sse/is-event-stream.js';
import { defaultRelaySettings } from '../../src/relay/ports.js';
import { channel, KEY, price, startWorld } from '../../test/relay/support/relay-world.js';
import { TRAFFICS } from './traffic.js';

// The measured process of the levels below the real service. Sends its address to its parent.

const upstream = process.env.BENCH_UPSTREAM as string;

/** L0: the relay's own connections to upstream and nothing else; neither reads a body nor knows a key. */
async function passThrough(): Promise<string> {
  const pools = new UpstreamPools({ ...defaultRelaySettings, allowPrivate: ['127.0.0.0/8', '::1'] });
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const target = { origin: new URL(upstream).origin, path: '/v1/chat/completions', headers };
  const server = createServer((request, response) => void forward(request, response));
  const forward = async (request: IncomingMessage, response: ServerResponse) => {
    const client = new ClientResponse(response, 'bench');
    const body = await wholeBody(request);
    const sink: StreamSink = {
      opens: isEventStream,
      chunk: (bytes) => void client.write(bytes),
      ended: () => client.end(Buffer.alloc(0)),
      failed: () => client.destroy(),
    };
    const answer = await pools.send(Promise.resolve({ ...target, body }), { sink }).answer;
    if (answer.kind === 'stream') client.begin({ 'content-type': 'text/event-stream' });
    else if (answer.kind === 'whole')
      client.send(answer.status, { 'content-type': 'application/json' }, answer.body);
    else client.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function wholeBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => resolve(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)));
  });
}

/** L1 and L2: the relay itself. Without a price nothing is held; without a log every charge is durable at once. */
async function relay(dependencies: Partial<RelayDependencies>, ratio: string): Promise<string> {
  const world = await startWorld({
    channels: [channel('bench', upstream, { models: [...TRAFFICS] })],
    prices: TRAFFICS.map((model) => price(model, { model_ratio: ratio, max_output_tokens: 4096 })),
    settings: { catalogueRefreshMs: 3_600_000 },
    dependencies: {
      hashKey: (accessKey) =>
        accessKey === KEY && createHmac('sha256', 'bench').update(accessKey).digest('hex')
          ? `hash:${KEY}`
          : '',
      ...dependencies,
    },
  });
  return world.url;
}

async function held(redisUrl: string): Promise<Partial<RelayDependencies>> {
  const balance = await openRedisCachedBalance({ url: redisUrl, isLedgerEmpty: () => Promise.resolve(true) });
  const settled: string[] = [];
  // The projector's part, which lets go of holds in batches.
  setInterval(() => {
    if (settled.length > 0) void balance.release(settled.splice(0));
  }, 10);
  return {
    balance,
    loadBudgets: (budgets) =>
      balance.load(
        budgets.map((budget) => ({ budget, balance: 9_000_000_000_000n, position: 1n, revision: 0n })),
      ),
    settlement: notDurable(({ call_id }) => void settled.push(call_id)),
  };
}

function notDurable(
  charged: (consumption: { readonly call_id: string }) => void,
): RelayDependencies['settlement'] {
  return {
    accepting: true,
    endingAfter: () => undefined,
    charge: (consumption) => {
      charged(consumption);
      return Promise.resolve({ durable: 'log', position: 1n });
    },
    fail: ({ code }) => {
      throw new Error(`a call failed: ${code}`);
    },
  };
}

async function start(): Promise<string> {
  switch (process.env.BENCH_LEVEL) {
    case 'L0':
      return passThrough();
    case 'L1':
      return relay({ settlement: notDurable(() => undefined) }, '0');
    case 'L2':
      return relay(await held(process.env.BENCH_REDIS as string), '0.8572');
    default:
      throw new Error('BENCH_LEVEL is L0, L1 or L2');
  }
}

const url = await start();
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit());
process.send?.({ url });
