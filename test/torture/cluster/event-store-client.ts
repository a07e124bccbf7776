import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';

/** The server's own client, which shares nothing with the service's. */
export async function withEventStore<Result>(
  url: string,
  use: (client: EventStoreDBClient) => Promise<Result>,
): Promise<Result> {
  const client = EventStoreDBClient.connectionString(url);
  try {
    return await use(client);
  } finally {
    await client.dispose();
  }
}

/** An event as a client of the server sees it. */
export interface SeenEvent {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly recordedAtMs: number;
}

/** All of the log but what is the server's own, in its order. */
export async function readEverything(client: EventStoreDBClient): Promise<readonly SeenEvent[]> {
  const found: SeenEvent[] = [];
  for await (const { event } of client.readAll()) {
    if (!event || event.streamId.startsWith('$') || event.type.startsWith('$')) continue;
    const { position, streamId: stream, revision, id, type, data, metadata, created } = event;
    found.push({
      ...{ stream, revision, id, type },
      position: position?.commit ?? 0n,
      data: parsed(data),
      metadata: parsed(metadata),
      recordedAtMs: created.getTime(),
    });
  }
  return found;
}

/** Answers where it lies in the log. */
export async function appendOne(
  client: EventStoreDBClient,
  stream: string,
  type: string,
  data: Record<string, unknown>,
): Promise<bigint> {
  const { position } = await client.appendToStream(stream, jsonEvent({ type, data }));
  if (!position) throw new Error(`it is not said where ${type} in ${stream} lies`);
  return position.commit;
}

const parsed = (value: unknown): Readonly<Record<string, unknown>> =>
  value instanceof Uint8Array
    ? readText(Buffer.from(value).toString())
    : ((value ?? {}) as Readonly<Record<string, unknown>>);

/** What is no object in JSON is somebody else's. */
function readText(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
