import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { Metadata, status, type ServerWritableStream } from '@grpc/grpc-js';
import type { Faults } from './faults.js';
import { isAskedBy } from './filter.js';
import type { StandInLog } from './log.js';
import { caughtUp, checkpoint, confirmation, eventMessage } from './messages.js';

export type Call = ServerWritableStream<ReadReq, ReadResp>;

export interface SubscriptionServices {
  readonly log: StandInLog;
  readonly faults: Faults;
  /** Calls under way that only the server or the client's leaving ends. */
  readonly subscriptions: Set<{ end(): void }>;
  /** Events that a subscriber may be behind before it is dropped; undefined: any number, as later servers have it. */
  readonly mostUnread: number | undefined;
  /** Told of each subscriber that was. */
  onDropped(): void;
}

/** From a position means excluding it. Catches up, then stays; the log is in one process, so nothing comes in between. */
export function subscribe(services: SubscriptionServices, call: Call, options: ReadReq.Options): void {
  const { log, faults, subscriptions } = services;
  const from = options.getAll();
  const position = from?.hasPosition() ? BigInt(from.getPosition()?.getCommitPosition() ?? '0') : -1n;
  const unread = new Unread(call, services);
  const tell = teller(options.getFilter(), (message) => unread.write(message));
  unread.write(confirmation(crypto.randomUUID()));
  if (!from?.hasEnd()) for (const event of log.events) if (event.position > position) tell(event);
  unread.write(caughtUp());
  const stop = log.listen((event) => {
    if (!faults.silent) tell(event);
  });
  const subscription = { end: () => call.end() };
  subscriptions.add(subscription);
  const over = (): void => {
    stop();
    subscriptions.delete(subscription);
  };
  for (const ended of ['cancelled', 'close', 'finish', 'error']) call.on(ended, over);
}

/** Tells of the events that are asked for; of how far it has looked where it finds none for long. */
function teller(
  filter: ReadReq.Options.FilterOptions | undefined,
  write: (message: ReadResp) => void,
): (event: Parameters<typeof eventMessage>[0]) => void {
  const isAsked = isAskedBy(filter);
  const interval = (filter?.getMax() || 32) * (filter?.getCheckpointintervalmultiplier() ?? 1);
  let passed = 0;
  return (event) => {
    if (isAsked(event)) return write(eventMessage(event));
    passed += 1;
    if (passed % interval === 0) write(checkpoint(event.position));
  };
}

/** What a subscriber has not taken yet: the connection holds some of it, the rest waits here. */
class Unread {
  private waiting = 0;

  constructor(
    private readonly call: Call,
    private readonly services: Pick<SubscriptionServices, 'mostUnread' | 'onDropped'>,
  ) {
    call.on('drain', () => (this.waiting = 0));
  }

  write(message: ReadResp): void {
    if (this.call.write(message)) return;
    this.waiting += 1;
    const { mostUnread, onDropped } = this.services;
    if (mostUnread === undefined || this.waiting <= mostUnread) return;
    this.waiting = -Infinity;
    onDropped();
    const error = {
      code: status.ABORTED,
      details: 'Operation timed out: Consumer too slow',
      metadata: new Metadata(),
    };
    this.call.emit('error', error);
  }
}
