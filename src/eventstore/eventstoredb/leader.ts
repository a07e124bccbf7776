import { EventStoreDBClient } from '@eventstore/db-client';

/** The door of the client that is not public: which server of several is to be spoken to. */
interface Internals {
  resolveUri(): Promise<string>;
}

/**
 * Where to connect to, `host:port`: the host that the connection string names, or of several the one that leads, as they say themselves.
 *
 * @throws Error when none of several answers, or none leads
 */
export async function findLeader(connectionString: string): Promise<string> {
  const client = EventStoreDBClient.connectionString(connectionString) as unknown as Internals;
  return client.resolveUri();
}
