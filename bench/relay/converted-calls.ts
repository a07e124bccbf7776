// What a call costs the relay that is converted, beside the same call of its upstream's own clients: processor time of the process that has the
// relay alone, in short turns of native and converted calls, so that what else the machine does strikes both.
// npm run bench:converted-calls -- [--turns 40] [--calls 400] [--stream-turns 3] [--only messages-on-chat,…]
// With --service: of the relay of the whole service, whose calls are held in Redis and charged in the log (needs redis-server).
// With --native: native calls alone, of a channel that converts from all others and of one that converts nothing.
import { parseArgs } from 'node:util';
import {
  type ConvertibleProtocol,
  convertibleProtocols as protocols,
} from '../../src/domain/channel/conversion.js';
import { Child } from '../support/child.js';
import { markdownTable } from '../support/markdown.js';
import { spreadOf } from '../support/statistics.js';
import { wholeQuestions } from './call-bodies.js';
import { relayAlone, wholeService, type World } from './converted-worlds.js';
import type { LoadOrder, LoadReport } from './load.js';
import { requestBody } from './traffic.js';

const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '40' },
    calls: { type: 'string', default: '400' },
    'stream-turns': { type: 'string', default: '3' },
    only: { type: 'string' },
    native: { type: 'boolean', default: false },
    service: { type: 'boolean', default: false },
  },
});
const pairs = protocols.flatMap((upstream) =>
  protocols.filter((client) => client !== upstream).map((client) => ({ client, upstream })),
);
type Pair = (typeof pairs)[number];
const isWanted = ({ client, upstream }: Pair): boolean =>
  values.only?.split(',').includes(`${client}-on-${upstream}`) ?? true;

const upstreamProcess = new Child(new URL('./upstream.ts', import.meta.url));
const load = new Child(new URL('./load.ts', import.meta.url));
const { port } = await upstreamProcess.ready<{ port: number }>();
await load.ready();

const worldOf = (protocol: ConvertibleProtocol, from: readonly ConvertibleProtocol[]): Promise<World> =>
  (values.service ? wholeService : relayAlone)(port, { protocol, from });

const othersThan = (protocol: ConvertibleProtocol) => protocols.filter((each) => each !== protocol);

/** A question as a client of the protocol puts it, over and over. */
type Order = Pick<LoadOrder, 'path' | 'body' | 'connections' | 'calls'>;

const wholeOrder = (client: ConvertibleProtocol, calls: number): Order => {
  const { path, body } = wholeQuestions[client];
  return { path: path('json-1k'), body: body('json-1k').toString('base64'), connections: 16, calls };
};

/** Streams are those of chats alone. */
const streamOrder = (client: ConvertibleProtocol, calls: number): Order => {
  const { stream_options, max_tokens, messages, ...asked } = JSON.parse(requestBody('sse-paced').toString());
  const body = {
    chat: { ...asked, messages, max_tokens, stream_options },
    messages: { ...asked, messages, max_tokens },
    responses: { ...asked, input: messages, max_output_tokens: max_tokens, store: false },
    generate: {},
  }[client];
  const path = wholeQuestions[client].path('sse-paced');
  return { path, body: Buffer.from(JSON.stringify(body)).toString('base64'), connections: 500, calls };
};

/** Microseconds of the relay's process a call. */
async function spend(world: World, client: ConvertibleProtocol, order: Order): Promise<number> {
  const headers = { 'content-type': 'application/json', ...world.authorizationOf(client) };
  const before = world.spentMicros();
  const { report } = await load.ask<{ report: LoadReport }>({
    urls: [world.url],
    headers,
    accessKeys: [],
    seconds: 120,
    ...order,
  });
  if (report.failed > 0) throw new Error(`${client}: ${report.firstFailure}`);
  await world.settled();
  return (world.spentMicros() - before) / report.completed;
}

interface Measure {
  readonly what: string;
  readonly orderOf: (client: ConvertibleProtocol, calls: number) => Order;
  readonly turns: number;
  readonly calls: number;
  /** Until the compiler has seen enough of a pair, in calls. */
  readonly warmUp: number;
  readonly most: number;
}

const WHOLE: Measure = {
  what: 'a call of 1 KB',
  orderOf: wholeOrder,
  turns: Number(values.turns),
  calls: Number(values.calls),
  warmUp: 6_000,
  most: 1.25,
};
const STREAMS: Measure = {
  what: '500 paced streams',
  orderOf: streamOrder,
  turns: Number(values['stream-turns']),
  calls: 500,
  warmUp: 500,
  most: 1.15,
};
let missed = 0;

/** A converted turn stands between two native ones, and is compared with what lies between these. */
async function rowOf({ client, upstream }: Pair, measure: Measure): Promise<string[]> {
  const { what, orderOf, turns, calls, warmUp, most } = measure;
  const world = await worldOf(upstream, othersThan(upstream));
  for (const each of [upstream, client]) await spend(world, each, orderOf(each, warmUp));
  const native = [await spend(world, upstream, orderOf(upstream, calls))];
  const converted: number[] = [];
  const ratios: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    converted.push(await spend(world, client, orderOf(client, calls)));
    native.push(await spend(world, upstream, orderOf(upstream, calls)));
    const [before, after] = native.slice(-2) as [number, number];
    ratios.push((converted.at(-1) as number) / ((before + after) / 2));
  }
  await world.close();
  const { median, least, most: highest } = spreadOf(ratios);
  if (median > most) missed++;
  const figures = [spreadOf(native).median.toFixed(0), spreadOf(converted).median.toFixed(0)];
  const spread = `${least.toFixed(2)} … ${highest.toFixed(2)}`;
  const verdict = median > most ? 'missed' : 'met';
  return [`${client} on ${upstream}, ${what}`, ...figures, median.toFixed(2), spread, `${most}`, verdict];
}

/** Of native calls, in either direction. */
const MOST_APART = 0.02;

/** Native calls of a channel that would convert others, each turn between two of a channel that would not. */
async function nativeRow(protocol: ConvertibleProtocol): Promise<string[]> {
  const { orderOf, turns, calls, warmUp } = WHOLE;
  const without = await worldOf(protocol, []);
  const beside = await worldOf(protocol, othersThan(protocol));
  for (const world of [without, beside]) await spend(world, protocol, orderOf(protocol, warmUp));
  const measured = (world: World) => spend(world, protocol, orderOf(protocol, calls));
  const alone = [await measured(without)];
  const converting: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    converting.push(await measured(beside));
    alone.push(await measured(without));
  }
  await Promise.all([without.close(), beside.close()]);
  const ratios = converting.map(
    (each, at) => (2 * each) / ((alone[at] as number) + (alone[at + 1] as number)),
  );
  const { median, least, most } = spreadOf(ratios);
  if (Math.abs(median - 1) > MOST_APART) missed++;
  const figures = [spreadOf(alone).median.toFixed(0), spreadOf(converting).median.toFixed(0)];
  const spread = `${least.toFixed(2)} … ${most.toFixed(2)}`;
  const verdict = Math.abs(median - 1) > MOST_APART ? 'missed' : 'met';
  return [`native ${protocol}`, ...figures, median.toFixed(3), spread, `1 ± ${MOST_APART}`, verdict];
}

const rows: string[][] = [];
const heads = values.native ? ['no conversion, µs', 'beside one, µs'] : ['native, µs', 'converted, µs'];
if (values.native) for (const protocol of protocols) rows.push(await nativeRow(protocol));
const chosen = values.native ? [] : pairs.filter(isWanted);
for (const pair of chosen) rows.push(await rowOf(pair, WHOLE));
for (const pair of chosen)
  if (pair.upstream === 'chat' && pair.client !== 'generate') rows.push(await rowOf(pair, STREAMS));
console.log(markdownTable(['calls', ...heads, 'ratio', 'turns', 'at most', 'target'], rows));
await load.stop();
await upstreamProcess.stop();
if (missed > 0) process.exitCode = 1;
