import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UpstreamPools } from '../../../../src/relay/upstreams/transport/pools.js';
import { defaultRelaySettings } from '../../../../src/relay/ports.js';
import { startConnectProxy } from '../../../support/connect-proxy.js';
import { eventually } from '../../../support/eventually.js';
import { channel, chat, HELLO, startWorld } from '../../support/relay-world.js';
import { answerJson, completion, startTestUpstream } from '../../support/test-upstream.js';

let server: Server;
let origin: string;
let pools: UpstreamPools;
/** Requests that wait for their answer. */
let open: ServerResponse[];
const sockets = new Set<Socket>();
beforeEach(async () => {
  open = [];
  server = createServer((request, response) => {
    if (request.url === '/wait') open.push(response);
    else response.end('{}');
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // They end by this side alone.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  pools = new UpstreamPools({ ...defaultRelaySettings, allowPrivate: ['127.0.0.0/8', '::1'] });
});
afterEach(async () => {
  await pools.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const isOpen = (socket: Socket | undefined) => socket !== undefined && sockets.has(socket);
const requestTo = (path: string) => Promise.resolve({ origin, path, headers: {}, body: Buffer.from('{}') });
const send = (path: string) => pools.send(requestTo(path), { sink: undefined }).answer;

describe('connections to an address', () => {
  it('that is still wanted are kept, those to another end', async () => {
    await send('/');
    const [first] = sockets;
    pools.retain([{ origin, proxy: undefined }]);
    await send('/');
    expect(isOpen(first)).toBe(true);
    pools.retain([{ origin: 'http://127.0.0.1:1', proxy: undefined }]);
    await eventually(() => sockets.size === 0);
    expect(await send('/')).toMatchObject({ kind: 'whole', status: 200 });
  });

  it('that is not wanted any more end when the calls on them have ended', async () => {
    const waiting = send('/wait');
    await eventually(() => open.length === 1);
    const [held] = sockets;
    pools.retain([]);
    const next = send('/');
    expect(await next).toMatchObject({ kind: 'whole', status: 200 });
    expect(isOpen(held)).toBe(true);
    open[0]?.end('{"late":true}');
    expect(await waiting).toMatchObject({ kind: 'whole', status: 200 });
    await eventually(() => !isOpen(held));
  });

  it('that is not wanted any more are broken off when all is closed', async () => {
    const waiting = send('/wait');
    await eventually(() => open.length === 1);
    pools.retain([]);
    await pools.close();
    expect(await waiting).toMatchObject({ kind: 'failed' });
  });

  it('through another proxy are others', async () => {
    const proxy = await startConnectProxy('user:word');
    try {
      const through = { url: proxy.url, credentials: 'user:word' };
      await send('/');
      const [direct] = sockets;
      await pools.send(requestTo('/'), { sink: undefined, proxy: through }).answer;
      const tunnel = [...sockets].find((socket) => socket !== direct);
      pools.retain([{ origin, proxy: through }]);
      await eventually(() => !isOpen(direct));
      expect(isOpen(tunnel)).toBe(true);
      pools.retain([{ origin, proxy: { ...through, credentials: 'other:word' } }]);
      await eventually(() => sockets.size === 0);
    } finally {
      await proxy.close();
    }
  });
});

it('a channel whose address changes leaves no connection to the old one, and breaks no call', async () => {
  const good = answerJson(completion('hi', { prompt_tokens: 1, completion_tokens: 1 }));
  const [old, next] = [await startTestUpstream(good), await startTestUpstream(good)];
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  old.behave(async (response, request) => {
    await gate;
    await good(response, request);
  });
  const world = await startWorld({ channels: [channel('one', old.url)] });
  try {
    const call = chat(world, HELLO);
    await eventually(() => old.seen.length === 1);
    world.state.catalogue = { ...world.state.catalogue, channels: [channel('one', next.url)] };
    await world.relay.refreshCatalogue();
    expect((await chat(world, HELLO)).status).toBe(200);
    expect(next.seen).toHaveLength(1);
    release();
    expect((await call).status).toBe(200);
    expect(old.aborted).toBe(0);
  } finally {
    await world.close();
    await Promise.all([old.close(), next.close()]);
  }
});
