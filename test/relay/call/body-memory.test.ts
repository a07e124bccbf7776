import { createServer, type ClientRequest, request as httpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { channel, KEY, startWorld, type World } from '../support/relay-world.js';

const CALLS = 6;
/** Of text in each call, there once for all of them. */
const PIECE = Buffer.alloc(64 * 1024, 'word ');
const PIECES = 32;
const BYTES = PIECE.length * PIECES;

const contentChunk = JSON.stringify({ choices: [{ index: 0, delta: { content: 'hi' } }] });
const delta = JSON.stringify({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text: 'hi' },
});
const outputDelta = JSON.stringify({ type: 'response.output_text.delta', item_id: 'm', delta: 'hi' });
const candidates = JSON.stringify({ candidates: [{ content: { role: 'model', parts: [{ text: 'hi' }] } }] });

/** Its path, how its body begins and ends around a long text, and what upstream first answers. */
const STREAMS = [
  [
    'openai',
    '/v1/chat/completions',
    '{"model":"gpt-test","stream":true,"messages":[{"role":"user","content":"',
    '"}]}',
    `data: ${contentChunk}\n\n`,
  ],
  [
    'openai',
    '/v1/responses',
    '{"model":"gpt-test","stream":true,"input":[{"role":"user","content":"',
    '"}]}',
    `event: response.output_text.delta\ndata: ${outputDelta}\n\n`,
  ],
  [
    'anthropic',
    '/v1/messages',
    '{"model":"gpt-test","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"',
    '"}]}',
    `event: content_block_delta\ndata: ${delta}\n\n`,
  ],
  [
    'gemini',
    '/v1beta/models/gpt-test:streamGenerateContent?alt=sse',
    '{"contents":[{"role":"user","parts":[{"text":"',
    '"}]}]}',
    `data: ${candidates}\n\n`,
  ],
] as const;

/** An upstream that keeps nothing of a request, begins its answer, and does not end it. */
function startOpenUpstream() {
  const open: ServerResponse[] = [];
  const state = { begin: '', open };
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(state.begin);
      open.push(response);
    });
  });
  return { state, server };
}

describe('the memory of a call whose answer is under way', () => {
  const { state, server } = startOpenUpstream();
  const clients: ClientRequest[] = [];
  let world: World;
  beforeEach(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    world = await startWorld({
      // Another name at upstream: what is sent is not what came.
      channels: (['openai', 'anthropic', 'gemini'] as const).map((type) =>
        channel(type, url, { type, model_mapping: { 'gpt-test': 'another' } }),
      ),
    });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    for (const response of state.open.splice(0)) response.destroy();
    await world.close();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  });

  /** Until the first byte of its answer is here. */
  async function begin(path: string, before: string, after: string): Promise<void> {
    const headers = { authorization: `Bearer ${KEY}`, 'x-goog-api-key': KEY };
    const request = httpRequest(`${world.url}${path}`, { method: 'POST', headers });
    clients.push(request);
    const begun = new Promise<void>((resolve, reject) => {
      request.on('error', reject);
      request.on('response', (response) => {
        expect(response.statusCode).toBe(200);
        response.once('data', () => resolve());
        response.on('error', () => undefined);
      });
    });
    request.write(before);
    for (let piece = 0; piece < PIECES; piece++)
      if (!request.write(PIECE)) await new Promise((resolve) => request.once('drain', resolve));
    request.end(after);
    await begun;
  }

  it.each(STREAMS)(
    'in %s %s is that of its bytes, once',
    async (_, path, before, after, answer) => {
      state.begin = answer;
      setFlagsFromString('--expose-gc');
      const collect = runInNewContext('gc') as () => void;
      const live = () => {
        collect();
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        return { heapUsed, arrayBuffers };
      };
      await begin(path, before, after);
      const first = live();
      for (let call = 0; call < CALLS; call++) await begin(path, before, after);
      // What was sent is let go when undici has written it; what was read for the estimate, at once.
      await eventually(() => {
        const now = live();
        expect((now.arrayBuffers - first.arrayBuffers) / BYTES).toBeLessThan(CALLS + 1.5);
        expect((now.heapUsed - first.heapUsed) / BYTES).toBeLessThan(CALLS / 4);
      });
      expect(world.relay.inFlight).toBe(CALLS + 1);
      expect(world.observed.faults).toEqual([]);
    },
    60_000,
  );
});
