import { describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createReach,
  guardedLookup,
  literalOf,
  mayBeSaved,
  mayReach,
  webhookReach,
} from '../../../../src/support/reach.js';
import type { Bootstrap } from '../../../../src/compose/bootstrap-schema.js';
import { ownOrigins } from '../../../../src/compose/own-origins.js';
import { UpstreamPools } from '../../../../src/relay/upstreams/transport/pools.js';
import { defaultRelaySettings } from '../../../../src/relay/ports.js';

const NOT_ALLOWED = { kind: 'failed', failure: 'not-allowed', headCame: false };

describe('what an upstream may be at', () => {
  it.each([
    ...['127.0.0.1', '127.9.9.9', '0.0.0.0', '10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1'],
    ...['169.254.169.254', '169.254.170.2', '100.100.100.200', '192.0.0.192', '168.63.129.16'],
    ...['224.0.0.1', '240.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'fc00::1', 'fd00:ec2::254'],
    ...[
      '::ffff:127.0.0.1',
      '::ffff:a9fe:a9fe',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '::169.254.169.254',
      'fec0::1',
      '5f00::1',
      'ff02::1',
      'localhost',
      '',
    ],
  ])('is not %s', (address) => expect(mayReach([])(address)).toBe(false));

  it.each(['1.1.1.1', '172.32.0.1', '::ffff:8.8.8.8', '64:ff9b::808:808', '2606:4700::1111'])(
    'is %s',
    (address) => expect(mayReach([])(address)).toBe(true),
  );

  it('is what is named, and not its neighbours', () => {
    const may = mayReach(['10.1.2.0/24', '::1']);
    expect(['10.1.2.9', '::ffff:10.1.2.9', '::1', '10.1.3.1', '127.0.0.1'].map(may)).toEqual([
      ...[true, true, true],
      ...[false, false],
    ]);
  });

  it('is the address that was looked at, of several the ones that may be reached, else none', async () => {
    const found = (...addresses: string[]) =>
      new Promise((resolve) => {
        const answers = addresses.map((address) => ({ address, family: 4 }));
        const resolver = ((_name: string, _options: object, done: (error: null, all: object[]) => void) =>
          done(null, answers)) as never;
        guardedLookup(mayReach([]), resolver)('upstream.example', { all: true }, (error, all) =>
          resolve(error ? error.name : all),
        );
      });
    expect(await found('10.0.0.1', '1.1.1.1')).toEqual([{ address: '1.1.1.1', family: 4 }]);
    expect(await found('10.0.0.1')).toBe('AddressNotAllowed');
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '::1'],
    ['localhost', undefined],
    ['127.0.0.1.example.com', undefined],
  ])('%s is an address: %p', (host, literal) => expect(literalOf(host)).toBe(literal));
});

describe('a webhook', () => {
  it('by http is at an address that is named, and by https on the internet as well', async () => {
    const reach = webhookReach(['10.1.2.0/24']);
    const saved = (url: string) => mayBeSaved(reach, url);
    expect(await saved('http://10.1.2.9/hook')).toBe(true);
    expect(await saved('https://10.1.2.9/hook')).toBe(true);
    expect(await saved('https://1.1.1.1/hook')).toBe(true);
    expect(await saved('http://1.1.1.1/hook')).toBe(false);
    expect(await saved('https://10.1.3.9/hook')).toBe(false);
    expect(await mayBeSaved(webhookReach([]), 'http://127.0.0.1/hook')).toBe(false);
  });
});

describe('an origin of the operator’s own file', () => {
  const reach = createReach({ allowPrivate: [], ownOrigins: ['http://localhost:8080'] });

  it('may be at a loopback address, at no other private one, and its neighbours may not', () => {
    expect(['127.0.0.1', '::1', '10.0.0.1', '169.254.169.254'].map(reach('http://localhost:8080'))).toEqual([
      ...[true, true],
      ...[false, false],
    ]);
    for (const other of ['http://localhost:8081', 'https://localhost:8080', 'http://127.0.0.1:8080'])
      expect(reach(other)('127.0.0.1')).toBe(false);
  });

  it('may be saved, also by its name, and what is private otherwise may not', async () => {
    const saved = (url: string) => mayBeSaved(reach, url);
    expect(await saved('http://localhost:8080/v1')).toBe(true);
    expect(await saved('http://localhost:9090/v1')).toBe(false);
    expect(await saved('http://[::ffff:169.254.169.254]/latest')).toBe(false);
    expect(await saved('http://0x7f.1/')).toBe(false);
    expect(await saved('https://1.1.1.1/v1')).toBe(true);
  });

  it('is one only while the service listens on loopback', () => {
    const channels = [
      {
        base_url: 'http://127.0.0.1:4201/a/v1',
        endpoints: { messages: 'http://127.0.0.1:4202/v1' },
        proxy_url: 'http://localhost:3128',
      },
    ];
    const file = { channels } as unknown as Bootstrap;
    expect(ownOrigins({ host: '127.0.0.1' }, file)).toEqual([
      'http://127.0.0.1:4201',
      'http://127.0.0.1:4202',
      'http://localhost:3128',
    ]);
    expect(ownOrigins({ host: '0.0.0.0' }, file)).toEqual([]);
    expect(ownOrigins({ host: '127.0.0.1' }, undefined)).toEqual([]);
  });
});

describe('connections to upstreams', () => {
  it('do not come about to a private address, by its number, by its name or through a proxy, unless it is named', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.end('{}');
    });
    server.on('connect', (_request, socket) => {
      asked += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const send = async (host: string, allowPrivate: readonly string[], proxied = false) => {
      const pools = new UpstreamPools({ ...defaultRelaySettings, allowPrivate });
      const request = { origin: `http://${host}`, path: '/', headers: {}, body: Buffer.from('{}') };
      const proxy = proxied ? { url: `http://127.0.0.1:${port}`, credentials: undefined } : undefined;
      const { answer } = pools.send(Promise.resolve(request), { sink: undefined, decode: undefined, proxy });
      try {
        return await answer;
      } finally {
        await pools.close();
      }
    };
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `2130706433:${port}`, `0x7f.1:${port}`])
      expect(await send(new URL(`http://${host}`).host, [])).toEqual(NOT_ALLOWED);
    expect(await send('upstream.example', [], true)).toEqual(NOT_ALLOWED);
    expect(await send('169.254.169.254', ['127.0.0.0/8'], true)).toEqual(NOT_ALLOWED);
    expect(asked).toBe(0);
    expect(await send(`localhost:${port}`, ['127.0.0.0/8'])).toMatchObject({ kind: 'whole', status: 200 });
    expect(asked).toBe(1);
    await new Promise((resolve) => server.close(resolve));
  });

  it('do not follow a redirect, wherever it leads', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(307, { location: '/there' }).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const pools = new UpstreamPools({ ...defaultRelaySettings, allowPrivate: ['127.0.0.0/8'] });
    const request = {
      origin: `http://127.0.0.1:${port}`,
      path: '/here',
      headers: {},
      body: Buffer.from('{}'),
    };
    const { answer } = pools.send(Promise.resolve(request), {
      sink: undefined,
      decode: undefined,
      proxy: undefined,
    });
    expect(await answer).toMatchObject({ kind: 'whole', status: 307 });
    expect(asked).toEqual(['/here']);
    await pools.close();
    await new Promise((resolve) => server.close(resolve));
  });
});
