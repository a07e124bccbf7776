import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConvertibleProtocol } from '../../src/domain/channel/conversion.js';
import { protocolOf, wholeAnswers } from './call-bodies.js';
import { IDLE_MS, PACE_MS, STREAM_EVENTS, type Traffic, TRAFFICS, USAGE } from './traffic.js';

// An upstream as cheap as Node allows: answers are made beforehand. A child process: sends its port to its parent, and on `served` the
// number of answers it has ended, by traffic.

const served = Object.fromEntries(TRAFFICS.map((traffic) => [traffic, 0])) as Record<Traffic, number>;

const events = [
  chunk({ delta: { role: 'assistant', content: '' }, finish_reason: null }),
  ...Array.from({ length: STREAM_EVENTS - 4 }, (_, at) =>
    chunk({ delta: { content: ` word${at}` }, finish_reason: null }),
  ),
  chunk({ delta: {}, finish_reason: 'stop' }),
  frame({
    id: 'chatcmpl-bench',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'bench',
    choices: [],
    usage: USAGE,
  }),
  'data: [DONE]\n\n',
];
const burst = Buffer.from(events.join(''));
const paced = events.map((event) => Buffer.from(event));
const rest = Buffer.concat(paced.slice(1));

function chunk(choice: object): string {
  const choices = [{ index: 0, ...choice }];
  return frame({
    id: 'chatcmpl-bench',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'bench',
    choices,
  });
}

function frame(payload: object): string {
  return `data: ${JSON.stringify(payload)}\n\n`;
}

function answer(traffic: Traffic, protocol: ConvertibleProtocol, response: ServerResponse): void {
  if (traffic === 'json-1k' || traffic === 'json-50k') {
    const completion = wholeAnswers[protocol];
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': completion.length });
    response.end(completion, () => served[traffic]++);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (traffic === 'sse-burst') response.end(burst, () => served[traffic]++);
  else if (traffic === 'sse-paced') pace(response);
  else idle(response);
}

function pace(response: ServerResponse): void {
  let at = 0;
  const timer = setInterval(() => {
    const event = paced[at++];
    if (at < paced.length) response.write(event);
    else {
      clearInterval(timer);
      response.end(event, () => served['sse-paced']++);
    }
  }, PACE_MS);
  response.once('close', () => clearInterval(timer));
}

/** The first event, a long silence, and then all the others. */
function idle(response: ServerResponse): void {
  response.write(paced[0]);
  const timer = setTimeout(() => response.end(rest, () => served['sse-idle']++), IDLE_MS);
  response.once('close', () => clearTimeout(timer));
}

/** In a body, or in the address. */
const MODEL = /(?:"model":"|\/models\/)([a-z0-9-]+)/;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const { url = '' } = request;
  let head = url;
  request.on('data', (part: Buffer) => {
    if (head.length < 400) head += part.toString('latin1', 0, 400);
  });
  request.on('end', () => answer(MODEL.exec(head)?.[1] as Traffic, protocolOf(url) ?? 'chat', response));
});
server.listen(0, '127.0.0.1', 4096, () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => process.send?.({ served }));
process.on('disconnect', () => process.exit());
