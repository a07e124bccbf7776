import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ARRIVAL_LIMITS, listen, type ListeningServer } from '../../../src/compose/server.js';
import { Connections, type ConnectionsSettings } from '../../../src/http/edge/connections.js';
import type { RawHandler } from '../../../src/http/listener.js';

let server: ListeningServer;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

async function start(
  settings: Partial<ConnectionsSettings> = {},
  limits = ARRIVAL_LIMITS,
  answer?: RawHandler,
) {
  const connections = new Connections({
    trustedProxies: [],
    perAddress: 0,
    headerTimeoutMs: 200,
    ...settings,
  });
  const handler: RawHandler =
    answer ?? ((request, response) => response.end(`[${connections.addressOf(request)}]`));
  server = await listen(handler, HERE, connections, limits);
}

/** A connection that has sent `text`, and everything that comes back until it is closed. */
function open(text: string) {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  sockets.push(socket);
  let heard = '';
  const waiting: (() => void)[] = [];
  socket.setEncoding('latin1').on('data', (part: string) => {
    heard += part;
    for (const look of waiting) look();
  });
  socket.on('error', () => undefined);
  if (text !== '') socket.write(text);
  return {
    socket,
    hears: (word: string) =>
      new Promise<string>((resolve) => {
        const look = () => heard.includes(word) && resolve(heard);
        waiting.push(look);
        look();
      }),
    closed: new Promise<string>((resolve) => socket.on('close', () => resolve(heard))),
  };
}

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const HERE = { host: '127.0.0.1', port: 0 };
const LOCAL = { trustedProxies: ['127.0.0.1'] };

describe('whose connection it is', () => {
  it('is the peer’s, and a PROXY header of a stranger is no request', async () => {
    await start();
    await open(GET).hears('[127.0.0.1]');
    expect(await open(`PROXY TCP4 203.0.113.9 10.0.0.1 1 2\r\n${GET}`).closed).toContain('400 Bad Request');
  });

  it('is said by a trusted proxy, also in pieces, and for every request on it', async () => {
    await start(LOCAL);
    const { socket, hears } = open('PROXY TCP4 203.');
    socket.write('0.113.9 10.0.0.1 1 2\r\nGET / HT');
    socket.write('TP/1.1\r\nHost: x\r\n\r\n');
    await hears('[203.0.113.9]');
    socket.write('GET /again HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n');
    expect((await hears('[203.0.113.9]')).match(/\[/g)?.length).toBeGreaterThan(0);
  });

  it('a trusted proxy may also speak HTTP alone', async () => {
    await start(LOCAL);
    await open('GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.2.3.4, 203.0.113.9\r\n\r\n').hears(
      '[203.0.113.9]',
    );
  });

  it('a proxy that says something else, or nothing in time, is broken off', async () => {
    await start(LOCAL);
    expect(await open('PROXY nonsense\r\n').closed).toBe('');
    expect(await open('PROXY TCP4 ').closed).toBe('');
  });

  it('one that waits for its proxy’s word does not hold up the end', async () => {
    await start({ ...LOCAL, headerTimeoutMs: 60_000 });
    const { closed, socket } = open('PROXY ');
    await new Promise((resolve) => socket.once('connect', resolve));
    await open(GET).hears('200 OK');
    await server.close();
    expect(await closed).toBe('');
  });
});

describe('a server that ends', () => {
  it('answers what was on its way when it was told to, and closes', async () => {
    let accepted: () => void = () => undefined;
    const isAccepted = new Promise<void>((resolve) => (accepted = resolve));
    const connections = new Connections({ trustedProxies: [], perAddress: 0, headerTimeoutMs: 200 });
    const guard = connections.guard.bind(connections);
    connections.guard = (its) => {
      guard(its);
      its.on('connection', accepted);
    };
    server = await listen((_, response) => response.end('[here]'), HERE, connections);
    const early = open('');
    await isAccepted;
    const stopped = server.stopAccepting().then(() => server.close());
    early.socket.write(GET);
    expect(await early.hears('[here]')).toMatch(/^HTTP\/1\.1 200 .*connection: close/is);
    await stopped;
    await early.closed;
  });

  it('answers what it is at work with, and waits for nobody who says nothing', async () => {
    let answer: () => void = () => undefined;
    let asked: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    await start({}, ARRIVAL_LIMITS, (_, response) => {
      answer = () => response.end('[done]');
      asked();
    });
    const [silent, busy] = [open(''), open(GET)];
    await isAsked;
    const closing = server.close();
    answer();
    expect(await busy.hears('[done]')).toContain('200 OK');
    await Promise.all([closing, busy.closed, silent.closed]);
  });
});

describe('an address', () => {
  const from = (address: string) => open(`PROXY TCP4 ${address} 10.0.0.1 1 2\r\n${GET}`);

  it('has so many connections and no more, and keeps nobody else out', async () => {
    await start({ ...LOCAL, perAddress: 2 });
    const [first] = [from('203.0.113.9'), from('203.0.113.9')];
    await Promise.all([first.hears('200 OK'), first.hears('200 OK')]);
    await open(`PROXY TCP4 203.0.113.9 10.0.0.1 1 2\r\n${GET}`).closed.then((heard) =>
      expect(heard).toMatch(/^HTTP\/1.1 503 /),
    );
    await from('203.0.113.10').hears('200 OK');
    first.socket.destroy();
    await first.closed;
    for (;;) {
      const again = from('203.0.113.9');
      const heard = await Promise.race([again.hears('200 OK'), again.closed]);
      if (heard.includes('200 OK')) break;
    }
  });

  it('of IPv6 is a /64', async () => {
    await start({ ...LOCAL, perAddress: 1 });
    const six = (address: string) => open(`PROXY TCP6 ${address} ::1 1 2\r\n${GET}`);
    await six('2001:db8::1').hears('200 OK');
    expect(await six('2001:db8::ffff:1').closed).toContain('503');
    await six('2001:db8:0:1::1').hears('200 OK');
  });
});

describe('a request that is slow to come', () => {
  const SHORT = { headersMs: 150, requestMs: 300, checkMs: 50 };

  it.each([
    ['says nothing at all', ''],
    ['does not end its head', 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['does not end its body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf'],
  ])('is broken off when it %s', async (_, text) => {
    await start({}, SHORT, (request, response) => {
      request.resume().on('end', () => response.end());
    });
    expect(await open(text).closed).not.toContain('200');
  });
});

describe('an answer that ends before the body came', () => {
  const POST = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf';

  it('closes the connection, once the client has heard it', async () => {
    await start();
    const { closed, socket } = open(POST);
    // A client ends its side when it sees the other end.
    socket.on('end', () => socket.end());
    const heard = await closed;
    expect(heard).toContain('200 OK');
    expect(heard).toMatch(/connection: close/i);
  });

  it('and what comes after the body is no request any more', async () => {
    const asked: string[] = [];
    await start({}, ARRIVAL_LIMITS, (request, response) => {
      if (request.socket.writableEnded) return;
      asked.push(request.url ?? '');
      response.end('done');
    });
    const { hears, socket, closed } = open(POST);
    await hears('done');
    socket.end(`${'x'.repeat(996)}GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n`);
    await closed;
    expect(asked).toEqual(['/']);
  });

  it('a request without a body, or whose body has come, leaves it open', async () => {
    await start({}, ARRIVAL_LIMITS, (request, response) => {
      request.resume().on('end', () => response.end(`done ${request.method}`));
    });
    const { hears, socket } = open(GET);
    await hears('done GET');
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab');
    expect(await hears('done POST')).not.toMatch(/connection: close/i);
  });
});
