import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { channel, KEY, price, startWorld, type World } from '../support/relay-world.js';
import { fieldHead } from './support/forms.js';

const MEBIBYTE = 1024 * 1024;
const PIECE = Buffer.alloc(64 * 1024, 7);
const PIECES = 320;
const UPLOADS = 4;
/** Chunks that reach the upstream between two looks at the memory. */
const LOOK_EVERY = 100;

/** An upstream that takes a large form slowly, keeps nothing of it, and breaks off the first time. */
function startSlowUpstream() {
  const seen = { bytes: [] as number[], most: 0, look: () => undefined as void };
  const server = createServer((request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      seen.look();
      if (bytes > 5 * MEBIBYTE && request.headers['x-attempt'] === 'first') return response.destroy();
      request.pause();
      setImmediate(() => request.resume());
    });
    request.on('end', () => {
      seen.bytes.push(bytes);
      response.setHeader('content-type', 'application/json');
      response.end('{"data":[{"b64_json":"AA=="}]}');
    });
  });
  return { seen, server };
}

describe('large uploads', () => {
  const { seen, server } = startSlowUpstream();
  let world: World;
  beforeEach(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    world = await startWorld({
      channels: [
        channel('one', url, { priority: 1, header_overrides: { 'x-attempt': 'first' } }),
        channel('two', url),
      ],
      prices: [price('gpt-test', { model_ratio: '0', per_image_usd: '0.01' })],
    });
  });
  afterEach(async () => {
    expect(await world.held()).toBe(0n);
    await world.close();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  });

  /** The file before the fields, of bytes that are there once for all calls. */
  async function upload(): Promise<number> {
    const request = httpRequest(`${world.url}/v1/images/edits`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'multipart/form-data; boundary=b' },
    });
    const answered = new Promise<number>((resolve, reject) => {
      request.on('error', reject);
      request.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
    });
    request.write(`--b\r\n${fieldHead('image')}; filename="a.png"\r\n\r\n`);
    for (let piece = 0; piece < PIECES; piece++)
      if (!request.write(PIECE)) await new Promise((resolve) => request.once('drain', resolve));
    request.end(
      ['\r\n', ...['model\r\n\r\ngpt-test', 'prompt\r\n\r\na hat'].map(line), '--b--\r\n'].join(''),
    );
    return answered;
  }
  const line = (text: string) => `--b\r\n${text.replace(/^\w+/, (name) => fieldHead(name))}\r\n`;

  it('take little memory, also when they are sent a second time', async () => {
    await upload();
    seen.bytes.length = 0;
    // Collected first: what is gone already does not count.
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const live = () => {
      collect();
      return process.memoryUsage().arrayBuffers;
    };
    const before = live();
    let chunks = 0;
    seen.look = () => {
      if (chunks++ % LOOK_EVERY === 0) seen.most = Math.max(seen.most, live() - before);
    };
    const statuses = await Promise.all(Array.from({ length: UPLOADS }, () => upload()));
    expect(statuses).toEqual(Array.from({ length: UPLOADS }, () => 200));
    const bytes = PIECE.length * PIECES;
    expect(seen.bytes).toHaveLength(UPLOADS);
    for (const each of seen.bytes) expect(each).toBeGreaterThan(bytes);
    expect(chunks).toBeGreaterThan(4 * LOOK_EVERY);
    // Kept whole they would be all there at once; freed memory is told of with some delay.
    expect(seen.most).toBeLessThan((UPLOADS * bytes) / 2);
  }, 120_000);
});
