import { describe, expect, it } from '@jest/globals';
import { commandNamedIn, environmentOfServer } from './eventstoredb-processes.js';
import { serversNamedIn } from './eventstoredb-servers.js';

describe('who has a real EventStoreDB', () => {
  it('names one that runs, which is asked beside the stand-in, and is left as it is', async () => {
    const EVENTSTORE_TEST_URL = 'esdb://one:2113?tls=false';
    const [standIn, given, ...others] = serversNamedIn({ EVENTSTORE_TEST_URL });
    expect([standIn?.[0], given?.[0], others]).toEqual(['the stand-in', 'EVENTSTORE_TEST_URL', []]);
    const server = await given?.[1]();
    expect(server?.connectionString).toBe(EVENTSTORE_TEST_URL);
    await server?.close();
  });

  it('names a program that starts one, which is given a folder, a port and none of the variables of tests', () => {
    const EVENTSTORE_TEST_START = '/opt/a server/start';
    expect(commandNamedIn({ EVENTSTORE_TEST_START })?.('/tmp/data', 2113)).toEqual([
      EVENTSTORE_TEST_START,
      '/tmp/data',
      '2113',
    ]);
    const given = {
      EVENTSTORE_TEST_START,
      EVENTSTORE_TEST_URL: 'esdb://one',
      EVENTSTORE_INT_IP: '127.0.0.1',
    };
    expect(environmentOfServer(given)).toEqual({ EVENTSTORE_INT_IP: '127.0.0.1' });
  });

  it('and who has none, or names nothing, asks the stand-in', () => {
    for (const named of [undefined, '']) {
      const env = { EVENTSTORE_TEST_URL: named, EVENTSTORE_TEST_START: named };
      expect(serversNamedIn(env).map(([name]) => name)).toEqual(['the stand-in']);
      expect(commandNamedIn(env)).toBeUndefined();
    }
  });
});
