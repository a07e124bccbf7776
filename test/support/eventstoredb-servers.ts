import { startEventStoreStandIn } from './eventstoredb-stand-in/index.js';

export interface ServerUnderTest {
  readonly connectionString: string;
  close(): Promise<void>;
}

const realServer = process.env['EVENTSTORE_TEST_URL'];

/** For `describe.each`: the stand-in always, and a server of somebody's where EVENTSTORE_TEST_URL names one. It is written to. */
export const eventStoreServers: readonly (readonly [name: string, open: () => Promise<ServerUnderTest>])[] = [
  ['the stand-in', () => startEventStoreStandIn()],
  ...(realServer ? [['EVENTSTORE_TEST_URL', () => Promise.resolve(given(realServer))] as const] : []),
];

const given = (connectionString: string): ServerUnderTest => ({
  connectionString,
  close: () => Promise.resolve(),
});
