import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { LogUnreachable, openRemoteLog } from '../../src/transparency/remote-log.js';

const server = createServer((request, response) => {
  if (request.url === '/short/checkpoint') return void response.end('a note');
  const more = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    response.once('drain', more);
  };
  more();
});
const listening = new Promise<string>((resolve) =>
  server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
);
afterEach(() => void server.closeAllConnections());
afterEach(() => void server.close());

it('whoever answers for a log without an end is not listened to for ever', async () => {
  const url = await listening;
  expect(await openRemoteLog(`${url}/short/`).checkpoint()).toBe('a note');
  const endless = openRemoteLog(`${url}/endless`);
  await expect(endless.checkpoint()).rejects.toThrow(LogUnreachable);
  await expect(endless.readTile(0, 0, 1)).rejects.toThrow(LogUnreachable);
});
