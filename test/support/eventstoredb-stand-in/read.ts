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
  let found: Iterable<StoredEvent> | undefined;
  try {
    found = options.hasStream() ? fromStream(services.log, options) : fromLog(services.log, options);
  } catch (error) {
    return void call.emit('error', streamDeleted(error));
  }
  if (found === undefined) call.write(streamNotFound(streamName(options.getStream()?.getStreamIdentifier())));
  // As of now: what is appended while they are sent is not among them.
  for (const event of firstOf(Number(options.getCount()), found ?? [], isShownBy(services))) {
    await services.faults.beforeEvent();
    call.write(eventMessage(event));
  }
  call.end();
}

function isShownBy(services: ReadServices): (event: StoredEvent) => boolean {
  const until = services.shownUntil();
  const { faults } = services;
  return ({ position, createdAtMs }) =>
    (until === undefined || position < until) && faults.isShown(createdAtMs);
}

/** Looks no further than it has to: a long log is read in many pages. */
function firstOf(
  count: number,
  events: Iterable<StoredEvent>,
  isWanted: (event: StoredEvent) => boolean,
): readonly StoredEvent[] {
  const found: StoredEvent[] = [];
  if (count === 0) return found;
  for (const event of events) if (isWanted(event) && found.push(event) === count) break;
  return found;
}

/** From a revision means including it, in both directions. */
function fromStream(log: StandInLog, options: ReadReq.Options): Iterable<StoredEvent> | undefined {
  const from = options.getStream();
  const events = log.stream(streamName(from?.getStreamIdentifier()));
  if (events === undefined || from === undefined) return events;
  const revision = from.hasRevision() ? BigInt(from.getRevision()) : undefined;
  if (options.getReadDirection() === BACKWARDS) {
    if (from.hasStart()) return events.slice(0, 1);
    return backwards(
      events,
      firstIndex(events, (event) => revision !== undefined && event.revision > revision),
    );
  }
  if (from.hasEnd()) return [];
  return forwards(
    events,
    firstIndex(events, (event) => revision === undefined || event.revision >= revision),
  );
}

/** From a position means including it forwards and excluding it backwards, as the real server does. */
function fromLog({ events }: StandInLog, options: ReadReq.Options): Iterable<StoredEvent> {
  const from = options.getAll();
  const position = from?.hasPosition() ? BigInt(from.getPosition()?.getCommitPosition() ?? '0') : undefined;
  const isBackwards = options.getReadDirection() === BACKWARDS;
  if (isBackwards ? from?.hasStart() : from?.hasEnd()) return [];
  const isThere = (event: StoredEvent): boolean => position !== undefined && event.position >= position;
  const found = isBackwards
    ? backwards(events, firstIndex(events, isThere))
    : forwards(events, position === undefined ? 0 : firstIndex(events, isThere));
  return filtered(found, isAskedBy(options.getFilter()));
}

/** Of events in order, of which a condition is false up to a place and true from there on. */
function firstIndex(events: readonly StoredEvent[], isTrue: (event: StoredEvent) => boolean): number {
  let [from, to] = [0, events.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (isTrue(events[middle] as StoredEvent)) to = middle;
    else from = middle + 1;
  }
  return from;
}

function* forwards(events: readonly StoredEvent[], from: number): Generator<StoredEvent> {
  for (let index = from; index < events.length; index++) yield events[index] as StoredEvent;
}

function* backwards(events: readonly StoredEvent[], before: number): Generator<StoredEvent> {
  for (let index = before - 1; index >= 0; index--) yield events[index] as StoredEvent;
}

function* filtered(
  events: Iterable<StoredEvent>,
  isAsked: (event: StoredEvent) => boolean,
): Generator<StoredEvent> {
  for (const event of events) if (isAsked(event)) yield event;
}
