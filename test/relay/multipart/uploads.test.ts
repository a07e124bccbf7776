import { createServer, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { channel, KEY, price, startWorld, type World } from '../support/relay-world.js';
import { fieldHead } from './support/forms.js';

const PIECE = Buffer.alloc(1024 * 1024, 7);
const FIELDS = `--b\r\n${fieldHead('model')}\r\n\r\ngpt-test\r\n--b\r\n${fieldHead('prompt')}\r\n\r\na hat\r\n`;
const FILE = `--b\r\n${fieldHead('image')}; filename="a.png"\r\n\r\n`;
const END = '\r\n--b--\r\n';

describe('uploads that do not go well', () => {
  let world: World;
  let atUpstream: IncomingMessage[];
  const upstream = createServer((request) => void atUpstream.push(request));
  async function start(settings: Parameters<typeof startWorld>[0]['settings'] = {}) {
    const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
    world = await startWorld({
      channels: [channel('one', url)],
      prices: [price('gpt-test', { model_ratio: '0', per_image_usd: '0.01' })],
      settings,
    });
  }
  beforeEach(async () => {
    atUpstream = [];
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await eventually(async () => world.relay.inFlight === 0 && (await world.held()) === 0n);
    expect(world.settlement.charges).toEqual([]);
    await world.close();
    await new Promise<void>((resolve) => {
      upstream.close(() => resolve());
      upstream.closeAllConnections();
    });
  });

  function post(): { request: ClientRequest; answer: Promise<{ status: number; body: string }> } {
    const request = httpRequest(`${world.url}/v1/images/edits`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'multipart/form-data; boundary=b' },
    });
    const answer = new Promise<{ status: number; body: string }>((resolve, reject) => {
      request.on('error', reject);
      request.on('response', (response) => {
        let body = '';
        response.on('data', (text: Buffer) => (body += text.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
    });
    answer.catch(() => undefined);
    return { request, answer };
  }

  it('end with their client, and nobody upstream hears of them', async () => {
    await start();
    const { request } = post();
    request.write(FIELDS + FILE);
    request.write(PIECE);
    await eventually(() => world.relay.inFlight === 1);
    request.destroy();
    await eventually(() => world.observed.ends.length === 1);
    expect(world.observed.ends).toMatchObject([{ status: 499 }]);
    expect(world.observed.faults).toEqual([]);
    expect(atUpstream).toEqual([]);
  });

  it('end with their client while upstream does not read them', async () => {
    await start();
    const { request } = post();
    request.write(FIELDS + FILE);
    for (let piece = 0; piece < 20; piece++) request.write(PIECE);
    request.end(END);
    await eventually(() => atUpstream.length === 1);
    request.destroy();
    await eventually(() => world.observed.ends.length === 1);
    expect(world.observed.ends).toMatchObject([{ status: 499, code: 'client_closed' }]);
    expect(world.observed.faults).toEqual([]);
  });

  it('are not waited for when they do not come', async () => {
    await start({ bodyTimeoutMs: 100 });
    const { request, answer } = post();
    request.write(FIELDS);
    expect((await answer).status).toBe(408);
    request.destroy();
  });

  it('are refused with an error of ours where they cannot be stored, and it is told', async () => {
    await start({ uploadDirectory: join(import.meta.filename, 'below-a-file') });
    const { request, answer } = post();
    request.write(FIELDS + FILE);
    request.write(PIECE);
    request.end(END);
    expect((await answer).status).toBe(500);
    expect((await answer).body).not.toContain('below-a-file');
    expect(world.observed.faults).toMatchObject([['call', { code: 'ENOTDIR' }]]);
  });

  it('are broken off when the process goes down', async () => {
    await start();
    const { request, answer } = post();
    request.write(FIELDS + FILE);
    await eventually(() => world.relay.inFlight === 1);
    await world.relay.drain(10);
    expect((await answer).status).toBe(503);
    request.destroy();
  });
});
