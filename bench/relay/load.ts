import { createConnection, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

/** One measurement: so many connections, each sending its next request when the answer to the last has ended. */
export interface LoadOrder {
  /** Connections are shared out among them. */
  readonly urls: readonly string[];
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as bearers, each request the next one; empty: the headers have it. */
  readonly accessKeys: readonly string[];
  /** base64 */
  readonly body: string;
  readonly connections: number;
  /** No request is begun later than this; those under way are waited for. */
  readonly seconds: number;
  /** Nor after so many. */
  readonly calls?: number | undefined;
}

export interface LoadReport {
  /** Answers of status 200 that ended as HTTP says (and, of a stream, with its last event). */
  readonly completed: number;
  readonly failed: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly firstFailure: string | undefined;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');
/** Of chats, messages and responses. */
const ENDS = ['[DONE]', '"message_stop"', '"response.completed"'];
const isWhole = (stream: Buffer): boolean => ENDS.some((end) => stream.includes(end));

// A child process: takes orders from its parent and sends a report for each. It speaks just enough HTTP/1.1 to know where an answer ends, so
// that it costs less than whatever it measures.
async function run(order: LoadOrder): Promise<LoadReport> {
  const requests = requestsOf(order);
  let next = 0;
  const latencies: number[] = [];
  let failed = 0;
  let firstFailure: string | undefined;
  const startedMs = performance.now();
  const lastMs = startedMs + order.seconds * 1_000;
  const { calls = Infinity } = order;
  const caller = async (at: number): Promise<void> => {
    const { hostname, port } = new URL(order.urls[at % order.urls.length] as string);
    let socket = await connect(Number(port), hostname);
    while (performance.now() < lastMs && next < calls) {
      const sentMs = performance.now();
      const failure = await exchange(socket, requests[next++ % requests.length] as Buffer);
      if (failure === undefined) {
        latencies.push(performance.now() - sentMs);
        continue;
      }
      failed++;
      firstFailure ??= failure;
      socket.destroy();
      socket = await connect(Number(port), hostname);
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: order.connections }, (_, at) => caller(at)));
  const seconds = (performance.now() - startedMs) / 1_000;
  latencies.sort((a, b) => a - b);
  const quantile = (share: number) => latencies[Math.floor((latencies.length - 1) * share)] ?? 0;
  const [p50Ms, p99Ms] = [quantile(0.5), quantile(0.99)];
  return { completed: latencies.length, failed, seconds, p50Ms, p99Ms, firstFailure };
}

/** Made beforehand, one for each key. */
function requestsOf({ urls, path, headers, accessKeys, body: text }: LoadOrder): readonly Buffer[] {
  const body = Buffer.from(text, 'base64');
  const host = new URL(urls[0] as string).host;
  const bearers = accessKeys.map((key) => ({ authorization: `Bearer ${key}` }));
  return (bearers.length > 0 ? bearers : [{}]).map((bearer) => {
    const all = Object.entries({ host, 'content-length': String(body.length), ...headers, ...bearer });
    const head = all.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${head}\r\n`), body]);
  });
}

function connect(port: number, host: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host, noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Resolves when the answer has ended: undefined when it is a whole one with status 200, else what it was. */
function exchange(socket: Socket, request: Buffer): Promise<string | undefined> {
  return new Promise((resolve) => {
    let received: Buffer = Buffer.alloc(0);
    let headEnd = -1;
    let length: number | undefined;
    const over = (failure: string | undefined) => {
      socket.off('data', onData).off('close', onClose).off('error', onClose);
      resolve(failure);
    };
    const onClose = () => over('the connection was closed');
    const onData = (part: Buffer) => {
      received = received.length === 0 ? part : Buffer.concat([received, part]);
      if (headEnd === -1) {
        headEnd = received.indexOf(HEAD_END);
        if (headEnd === -1) return;
        const head = received.toString('latin1', 0, headEnd).toLowerCase();
        if (!head.startsWith('http/1.1 200')) return over(received.toString('utf8', 0, 400));
        const found = /content-length: *(\d+)/.exec(head)?.[1];
        length = found === undefined ? undefined : Number(found);
      }
      if (length !== undefined) {
        if (received.length >= headEnd + HEAD_END.length + length) over(undefined);
      } else if (received.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)) {
        over(isWhole(received) ? undefined : 'the stream has no end');
      } else if (received.length > 16_384) {
        // What is old is not needed to see the end.
        received = received.subarray(-4_096);
        headEnd = 0;
      }
    };
    socket.on('data', onData).on('close', onClose).on('error', onClose);
    socket.write(request);
  });
}

process.on('message', (order: LoadOrder) => void run(order).then((report) => process.send?.({ report })));
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
