import { startEventStoreStandIn } from './eventstoredb-stand-in/index.js';

export interface ServerUnderTest {
  readonly connectionString: string;
  close(): Promise<void>;
}

type Named = readonly [name: string, open: () => Promise<ServerUnderTest>];

/** For `describe.each`: the stand-in always, and a server of somebody's where EVENTSTORE_TEST_URL names one. It is written to. */
export function serversNamedIn({ EVENTSTORE_TEST_URL: url }: NodeJS.ProcessEnv): readonly Named[] {
  const standIn: Named = ['the stand-in', () => startEventStoreStandIn()];
  return url ? [standIn, ['EVENTSTORE_TEST_URL', () => Promise.resolve(given(url))]] : [standIn];
}

export const eventStoreServers = serversNamedIn(process.env);

const given = (connectionString: string): ServerUnderTest => ({
  connectionString,
  close: () => Promise.resolve(),
});
