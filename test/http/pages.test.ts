import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Koa from 'koa';
import { errors } from '../../src/http/middleware/errors.js';
import { pages } from '../../src/http/pages/pages.js';
import { createLogger } from '../../src/support/logger.js';

const PAGE = '<!doctype html><title>Counterfoil</title>';
const SCRIPT = 'export const paint = () => document.body;';

let folder: string;
let server: Server;
let url: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-pages-'));
  const app = new Koa();
  app.use(errors(createLogger('silent')) as Koa.Middleware);
  app.use(pages(join(folder, 'web')));
  server = createServer(app.callback() as never);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

async function build(): Promise<void> {
  await mkdir(join(folder, 'web/assets'), { recursive: true });
  await writeFile(join(folder, 'web/index.html'), PAGE);
  for (const [name, content] of [
    ['app-1a2b.js', SCRIPT],
    ['app-1a2b.js.br', brotliCompressSync(SCRIPT)],
    ['app-1a2b.js.gz', gzipSync(SCRIPT)],
  ] as const)
    await writeFile(join(folder, 'web/assets', name), content);
}

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(url + path, { method, headers, redirect: 'manual' });

describe('Portal and Admin', () => {
  it.each([
    '/portal',
    '/portal/',
    '/portal/keys',
    '/portal/logs/some-id',
    '/admin',
    '/admin/users/u-1?tab=keys',
  ])('are one page, at %s too, which is asked for anew each time', async (path) => {
    await build();
    const reply = await ask(path);
    expect([reply.status, await reply.text()]).toEqual([200, PAGE]);
    expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('no-cache');
    expect(reply.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
  });

  it('a page that the browser has is not sent again', async () => {
    await build();
    const etag = (await ask('/portal')).headers.get('etag') ?? '';
    // By a client that adds nothing: fetch says that it wants no kept answer as well.
    const statusOf = (known: string) =>
      new Promise((resolve, reject) => {
        const asked = request(`${url}/portal`, { headers: { 'if-none-match': known } }, (reply) => {
          reply.resume();
          resolve(reply.statusCode);
        });
        asked.on('error', reject).end();
      });
    expect([await statusOf(etag), await statusOf('W/"another"')]).toEqual([304, 200]);
  });

  it.each(['/portalx', '/administration', '/asset/app-1a2b.js'])('%s is none of theirs', async (path) => {
    await build();
    expect((await ask(path)).status).toBe(404);
  });

  it('say what to run where they were not built, and are there once they are', async () => {
    const reply = await ask('/portal');
    expect([reply.status, await reply.text()]).toEqual([503, expect.stringContaining('npm run build')]);
    await build();
    expect((await ask('/portal')).status).toBe(200);
  });
});

describe('their files', () => {
  it.each([
    ['br', 'gzip, deflate, br'],
    ['gzip', 'gzip'],
    [null, 'identity'],
  ])('come as %s where %s is accepted, and never change', async (encoding, accepted) => {
    await build();
    const reply = await ask('/assets/app-1a2b.js', { 'accept-encoding': accepted });
    expect([reply.status, await reply.text()]).toEqual([200, SCRIPT]);
    expect(reply.headers.get('content-encoding')).toBe(encoding);
    expect(reply.headers.get('vary')).toBe('Accept-Encoding');
    expect(reply.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(reply.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  it.each(['/assets/nothing.js', '/assets/app-1a2b.js.gz', '/assets/..%2findex.html', '/assets/'])(
    'there is none at %s',
    async (path) => {
      await build();
      expect((await ask(path)).status).toBe(404);
    },
  );

  it('is where whoever only looks whether somebody is there is sent', async () => {
    const reply = await ask('/', {}, 'HEAD');
    expect([reply.status, reply.headers.get('location'), await reply.text()]).toEqual([302, '/portal', '']);
  });

  it('their heads can be asked for, and nothing can be written', async () => {
    await build();
    const head = await ask('/assets/app-1a2b.js', { 'accept-encoding': 'identity' }, 'HEAD');
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(SCRIPT.length)]);
    const posted = await ask('/portal', {}, 'POST');
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});
