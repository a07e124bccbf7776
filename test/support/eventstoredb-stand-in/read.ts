import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { Metadata, status, type handleServerStreamingCall } from '@grpc/grpc-js';
import { streamDeleted } from './delete.js';
import { type Act, type Logins, refused } from './logins.js';
import type { StandInLog, StoredEvent } from './log.js';
import { eventMessage, streamName, streamNotFound } from './messages.js';
import { type Call, subscribe, type SubscriptionServices } from './subscribe.js';
import { isAskedBy } from './filter.js';

export interface ReadServices extends SubscriptionServices {
  readonly logins: Logins;
  /** The end of what it knows, where that is not the whole log. */
  shownUntil(): bigint | undefined;
}

const { BACKWARDS } = streamsPb.ReadReq.Options.ReadDirection;

/** Reads of one stream or of the whole log, and subscriptions: the protocol has one call for all of them. */
export function readHandler(services: ReadServices): handleServerStreamingCall<ReadReq, ReadResp> {
  return (call) => {
    call.on('error', () => undefined);
    const { faults } = services;
    if (faults.silent) return;
    if (faults.refusal !== undefined) return void call.emit('error', faults.refusal);
    void faults.beforeAnswer().then(async () => answer(services, call));
  };
}

async function answer(services: ReadServices, call: Call): Promise<void> {
  const options = call.request.getOptions();
  if (options === undefined || (options.hasSubscription() && options.hasStream())) {
    const details = 'the stand-in knows reads, and subscriptions to the whole log';
    return void call.emit('error', { code: status.UNIMPLEMENTED, details, metadata: new Metadata() });
  }
  const act: Act = options.hasStream()
    ? { does: 'read', stream: streamName(options.getStream()?.getStreamIdentifier()) }
    : { does: 'read all' };
  const refusal = refused(services.logins, services.log, call, act);
  if (refusal) return void call.emit('error', refusal);
  const place = options.getAll()?.getPosition()?.getCommitPosition();
  if (place !== undefined && !services.log.isPlace(BigInt(place)))
    return void call.emit('error', {
      code: status.UNKNOWN,
      details: 'Unexpected ReadAllResult: InvalidPosition',
      metadata: new Metadata(),
    });
  if (options.hasSubscription()) return subscribe(services, call, options);
  if (options.hasFilter() && services.faults.searching) return;
  let found: readonly StoredEvent[] | undefined;
  try {
    found = options.hasStream() ? fromStream(services.log, options) : fromLog(services.log, options);
  } catch (error) {
    return void call.emit('error', streamDeleted(error));
  }
  const until = services.shownUntil();
  if (until !== undefined) found = found?.filter(({ position }) => position < until);
  found = found?.filter(({ createdAtMs }) => services.faults.isShown(createdAtMs));
  if (found === undefined) call.write(streamNotFound(streamName(options.getStream()?.getStreamIdentifier())));
  for (const event of found?.slice(0, Number(options.getCount())) ?? []) {
    await services.faults.beforeEvent();
    call.write(eventMessage(event));
  }
  call.end();
}

/** From a revision means including it, in both directions. */
function fromStream(log: StandInLog, options: ReadReq.Options): readonly StoredEvent[] | undefined {
  const from = options.getStream();
  const events = log.stream(streamName(from?.getStreamIdentifier()));
  if (events === undefined || from === undefined) return events;
  const revision = from.hasRevision() ? BigInt(from.getRevision()) : undefined;
  if (options.getReadDirection() === BACKWARDS) {
    if (from.hasStart()) return events.slice(0, 1);
    return events.filter((event) => revision === undefined || event.revision <= revision).reverse();
  }
  if (from.hasEnd()) return [];
  return events.filter((event) => revision === undefined || event.revision >= revision);
}

/** From a position means including it forwards and excluding it backwards, as the real server does. */
function fromLog(log: StandInLog, options: ReadReq.Options): readonly StoredEvent[] {
  const from = options.getAll();
  const position = from?.hasPosition() ? BigInt(from.getPosition()?.getCommitPosition() ?? '0') : undefined;
  const isAsked = isAskedBy(options.getFilter());
  if (options.getReadDirection() === BACKWARDS) {
    if (from?.hasStart()) return [];
    return log.events
      .filter((event) => (position === undefined || event.position < position) && isAsked(event))
      .reverse();
  }
  if (from?.hasEnd()) return [];
  return log.events.filter(
    (event) => (position === undefined || event.position >= position) && isAsked(event),
  );
}
