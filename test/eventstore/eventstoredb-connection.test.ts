import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { parseConnectionString } from '../../src/eventstore/eventstoredb/connection-string.js';
import { LogClient } from '../../src/eventstore/eventstoredb/log-client.js';
import { assertNoProxyBefore } from '../../src/eventstore/eventstoredb/proxies.js';
import { withDeadline } from '../../src/support/deadline.js';
import { appended, event, events, newStream } from '../support/event-store-contract/setup.js';
import { eventually } from '../support/eventually.js';
import { startStandInCluster } from '../support/eventstoredb-stand-in/cluster.js';
import { startEventStoreStandIn, type EventStoreStandIn } from '../support/eventstoredb-stand-in/index.js';

/** Any file that can be read. */
const A_FILE = encodeURIComponent(fileURLToPath(import.meta.url));

describe('the connection string of EventStoreDB', () => {
  it.each([
    ['esdb://localhost:2113?tls=false', { username: 'admin', password: 'changeit' }],
    ['esdb://ledger:p%40ss@one:2113,two:2113,three:2113', { username: 'ledger', password: 'p@ss' }],
    ['esdb+discover://ledger:secret@cluster.example/?tls=true', { username: 'ledger', password: 'secret' }],
    [
      'esdb://localhost?tls=false&nodePreference=leader&keepAliveInterval=20000',
      { username: 'admin', password: 'changeit' },
    ],
  ])('takes %s', (text, credentials) => {
    expect(parseConnectionString(text).credentials).toEqual(credentials);
  });

  it.each([
    ['another protocol', 'http://ledger:secret@localhost:2113'],
    ['no host', 'esdb://'],
    ['TLS without a name and password', 'esdb://localhost:2113'],
    ['an option the client does not know', 'esdb://ledger:secret@localhost:2113?maxRetries=5'],
    ['an option without effect', 'esdb://ledger:secret@localhost:2113?tlsVerifyCert=false'],
    ['TLS that is neither on nor off', 'esdb://ledger:secret@localhost:2113?tls=True'],
    ['a time that is no number', 'esdb://ledger:secret@localhost:2113?keepAliveInterval=abc'],
    ['a certificate that is not there', 'esdb://ledger:secret@localhost:2113?tlsCAFile=/no/such.pem'],
    ['a deadline that is not the ledger’s', 'esdb://ledger:secret@localhost:2113?defaultDeadline=500'],
    ['failures that nobody sees', 'esdb://ledger:secret@localhost:2113?throwOnAppendFailure=false'],
    ['a wait for less than nothing', 'esdb://ledger:secret@localhost:2113?keepAliveTimeout=-1'],
    ['a certificate without its key', `esdb://ledger:secret@localhost:2113?userCertFile=${A_FILE}`],
    ['a preference for nodes that lag behind', 'esdb://ledger:secret@localhost:2113?nodePreference=follower'],
  ])('refuses %s, without telling the password', (_case, text) => {
    const open = () => createEventStoreDb({ connectionString: text, deadlineMs: 1000 });

    expect(open).toThrow(/connection string/);
    expect(open).not.toThrow(/secret/);
  });
});

describe('what else a connection string can say', () => {
  it('a certificate stands for a name and password, and is shown to the server', () => {
    const { wire } = parseConnectionString(
      `esdb://localhost:2113?userCertFile=${A_FILE}&userKeyFile=${A_FILE}`,
    );
    expect(wire.cert).toEqual(wire.key);
    expect(wire.cert?.length).toBeGreaterThan(0);
    expect(wire.headers).not.toHaveProperty('authorization');
  });

  it('how a connection is kept alive', () => {
    const { wire } = parseConnectionString(
      'esdb://localhost?tls=false&keepAliveInterval=-1&keepAliveTimeout=500',
    );
    expect([wire.keepAliveMs, wire.keepAliveTimeoutMs]).toEqual([-1, 500]);
  });

  it('how a leader is looked for', () => {
    const { connectionString } = parseConnectionString('esdb://one,two?tls=false&gossipTimeout=3');
    expect(connectionString).toContain('gossipTimeout=3');
    expect(connectionString).not.toContain('gossipTimeout=1');
  });

  it.each([
    [['one', 'two'], { http_proxy: 'http://proxy' }, 'http_proxy'],
    [['one', 'two'], { https_proxy: 'http://proxy', no_proxy: 'one' }, 'two'],
    [['one.example', 'two.example'], { grpc_proxy: 'http://proxy', no_proxy: 'x, .example' }, undefined],
    [['one', 'two'], {}, undefined],
  ])('of %j with %j: a leader is not looked for by a proxy that the connection does not take', (...row) => {
    const [hosts, environment, named] = row;
    const look = () => assertNoProxyBefore(hosts, environment);
    if (named === undefined) expect(look).not.toThrow();
    else expect(look).toThrow(named);
  });
});

describe('connections of the EventStoreDB adapter', () => {
  let standIn: EventStoreStandIn;
  beforeAll(async () => {
    standIn = await startEventStoreStandIn();
  });
  afterAll(() => standIn.close());

  it('takes the later name of the server', async () => {
    const store = createEventStoreDb({
      connectionString: standIn.connectionString.replace('esdb://', 'kurrentdb://'),
      deadlineMs: 5000,
    });

    await appended(store, newStream(), 'no-stream', events(1));
    await store.close();
  });

  it('finds the leader when there are several hosts, one of them away', async () => {
    const store = createEventStoreDb({
      connectionString: `esdb://127.0.0.1:1,127.0.0.1:${standIn.port}?tls=false`,
      deadlineMs: 5000,
    });

    await appended(store, newStream(), 'no-stream', events(1));
    await store.close();
  });

  it('says unavailable when none of several hosts can be reached', async () => {
    const store = createEventStoreDb({
      connectionString: 'esdb://127.0.0.1:1,127.0.0.1:2?tls=false',
      deadlineMs: 5000,
    });

    const outcome = await store.append([{ stream: newStream(), expected: 'no-stream', events: [event()] }]);

    expect(outcome.outcome).toBe('unavailable');
    await store.close();
  });

  it.each(['killed', 'frozen', 'deposed'] as const)(
    'a leader that is %s under load: every append ends within its deadline, and what was unknown is there once when it is repeated',
    async (how) => {
      const cluster = await startStandInCluster();
      const deadlineMs = 5000;
      const store = createEventStoreDb({ connectionString: cluster.connectionString, deadlineMs });
      await appended(store, newStream(), 'no-stream', events(1));
      let longestMs = 0;
      let known = 0;
      let lost = Promise.resolve();
      const streams = await Promise.all(
        Array.from({ length: 8 }, async () => {
          const stream = newStream();
          for (let turn = 0; turn < 10; turn++) {
            const expected = turn === 0 ? ('no-stream' as const) : BigInt(turn - 1);
            const writes = [{ stream, expected, events: [event({ turn })] }];
            await eventually(
              async () => {
                const from = performance.now();
                const { outcome } = await store.append(writes);
                longestMs = Math.max(longestMs, performance.now() - from);
                return outcome === 'appended';
              },
              { timeoutMs: 60_000 },
            );
            known += 1;
            if (known === 20) lost = cluster.lose(how);
          }
          return stream;
        }),
      );
      await lost;

      // What a loaded machine may add.
      expect(longestMs).toBeLessThan(deadlineMs * 2);
      for (const stream of streams) {
        const found = await eventually(() => store.readStream(stream, { limit: 100 }), { timeoutMs: 60_000 });
        expect(found.map(({ data }) => data['turn'])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      }
      await store.close();
      await cluster.close();
    },
  );

  it('a leader that was deposed and does not know it shows what was, and stores nothing', async () => {
    const cluster = await startStandInCluster();
    const former = createEventStoreDb({
      connectionString: cluster.leader.connectionString,
      deadlineMs: 5000,
    });
    const stream = newStream();
    await appended(former, stream, 'no-stream', events(1));
    await cluster.lose('deposed');
    const present = createEventStoreDb({ connectionString: cluster.connectionString, deadlineMs: 5000 });
    await appended(present, stream, 0n, events(1));

    const shown = await former.readStream(stream, { limit: 10 });
    const outcome = await former.append([{ stream, expected: 0n, events: events(1) }]);

    expect(shown).toHaveLength(1);
    expect(outcome.outcome).toBe('unavailable');
    expect(await present.readStream(stream, { limit: 10 })).toHaveLength(2);
    await former.close();
    await present.close();
    await cluster.close();
  });

  it('an append that starts in the moment its connection is given up still ends', async () => {
    const within = { deadlineMs: 5000 };
    const client = new LogClient(parseConnectionString(standIn.connectionString));
    await client.append({ stream: newStream(), expected: 'no-stream', events: events(1) }, within);

    const append = client.append({ stream: newStream(), expected: 'no-stream', events: events(1) }, within);
    client.retire();

    const ended = await withDeadline(Promise.allSettled([append]), 4000);
    expect(ended).toHaveLength(1);
  });
});
