// What a call costs the relay that is converted, beside the same call as it is: processor time of the process that has the relay alone, in turns.
// npm run bench:converted-calls -- [--rounds 5] [--seconds 5]
import { parseArgs } from 'node:util';
import { channel, KEY, price, startWorld } from '../../test/relay/support/relay-world.js';
import { Child } from '../support/child.js';
import { markdownTable } from '../support/markdown.js';
import { spreadOf } from '../support/statistics.js';
import type { LoadOrder, LoadReport } from './load.js';
import { requestBody } from './traffic.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '5' } },
});
const TRAFFICS = [
  { name: 'json-1k', what: 'a call of 1 KB', connections: 16, most: 1.25 },
  { name: 'sse-paced', what: '500 paced streams', connections: 500, most: 1.15 },
] as const;
const CLIENTS = ['chat', 'messages', 'responses'] as const;
type Client = (typeof CLIENTS)[number];
const PATHS = { chat: '/v1/chat/completions', messages: '/v1/messages', responses: '/v1/responses' } as const;

const upstream = new Child(new URL('./upstream.ts', import.meta.url));
const load = new Child(new URL('./load.ts', import.meta.url));
const { port } = await upstream.ready<{ port: number }>();
await load.ready();
const url = `http://127.0.0.1:${port}/v1`;
const models = TRAFFICS.map(({ name }) => name);
const world = await startWorld({
  channels: [
    channel('chats', url, {
      models,
      endpoints: { chat: url },
      conversion: { from: ['messages', 'responses'], on_loss: 'drop', quirks: [] },
    }),
  ],
  prices: models.map((model) => price(model)),
  balance: 10n ** 15n,
});

/** The same question in the words of each. */
function bodyOf(client: Client, traffic: (typeof models)[number]): string {
  const { stream_options, max_tokens, messages, ...asked } = JSON.parse(requestBody(traffic).toString());
  const bodies = {
    chat: { ...asked, messages, max_tokens, stream_options },
    messages: { ...asked, messages, max_tokens },
    responses: { ...asked, input: messages, max_output_tokens: max_tokens, store: false },
  };
  return Buffer.from(JSON.stringify(bodies[client])).toString('base64');
}

/** Microseconds of this process a call. */
async function round(client: Client, { name, connections }: (typeof TRAFFICS)[number]): Promise<number> {
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
  const asked = { urls: [world.url], path: PATHS[client], headers, accessKeys: [], connections };
  const order: LoadOrder = { ...asked, body: bodyOf(client, name), seconds: Number(values.seconds) };
  const before = process.cpuUsage();
  const { report } = await load.ask<{ report: LoadReport }>(order);
  const { user, system } = process.cpuUsage(before);
  if (report.failed > 0) throw new Error(`${client}: ${report.firstFailure}`);
  return (user + system) / report.completed;
}

const rows: string[][] = [];
let missed = 0;
for (const traffic of TRAFFICS) {
  const spent: Record<Client, number[]> = { chat: [], messages: [], responses: [] };
  // The first round is for the compiler.
  for (let n = 0; n <= Number(values.rounds); n++)
    for (const client of CLIENTS) {
      const micros = await round(client, traffic);
      if (n > 0) spent[client].push(micros);
    }
  const native = spreadOf(spent.chat).median;
  for (const client of ['messages', 'responses'] as const) {
    const { median } = spreadOf(spent[client]);
    const ratio = median / native;
    if (ratio > traffic.most) missed++;
    const verdict = ratio > traffic.most ? 'missed' : 'met';
    const figures = [native.toFixed(0), median.toFixed(0), ratio.toFixed(2), `${traffic.most}`, verdict];
    rows.push([`${client} on chat, ${traffic.what}`, ...figures]);
  }
}
console.log(markdownTable(['calls', 'native, µs', 'converted, µs', 'ratio', 'at most', 'target'], rows));
await world.close();
await load.stop();
await upstream.stop();
if (missed > 0) process.exitCode = 1;
