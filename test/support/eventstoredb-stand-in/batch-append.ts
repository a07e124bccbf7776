import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import codePb from '@eventstore/db-client/generated/code_pb.js';
import statusPb from '@eventstore/db-client/generated/status_pb.js';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { status, type handleBidiStreamingCall } from '@grpc/grpc-js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import { expectation, type AppendServices } from './append.js';
import { BROKEN_OFF, type CallError, NOT_READY, TIMED_OUT } from './faults.js';
import { refused } from './logins.js';
import { type Decision, type Expectation, type ProposedEvent, Tombstoned } from './log.js';
import { proposedEvent, streamName } from './messages.js';
import { refusedAppend } from './refused-appends.js';

interface Batch {
  readonly options: BatchAppendReq.Options;
  readonly proposed: ProposedEvent[];
}

/**
 * The client's other path: one stream for all appends, told apart by correlation ids. What is wrong with one append is its answer, and the
 * call goes on; a server that does not lead, or does not know who calls, ends it for all.
 */
export function batchAppendHandler(
  services: AppendServices,
): handleBidiStreamingCall<BatchAppendReq, BatchAppendResp> {
  return (call) => {
    const batches = new Map<string, Batch>();
    call.on('error', () => undefined);
    // As the real one, it does not end before its client leaves.
    call.on('data', (request: BatchAppendReq) => {
      const { faults, logins, log } = services;
      if (faults.silent) return;
      const batch = collect(batches, request);
      if (!request.getIsFinal()) return;
      batches.delete(correlation(request));
      const stream = streamName(batch.options.getStreamIdentifier());
      const expected = expectation(batch.options, () => batch.options.getStreamPosition());
      const { proposed } = batch;
      const refusal =
        faults.appendRefusal ??
        refused(logins, log, call, { does: 'write', stream }) ??
        refusedAppend(stream, expected, proposed);
      if (refusal && ENDS_ALL.has(refusal.code)) return void call.emit('error', refusal);
      const told = (response: BatchAppendResp): BatchAppendResp =>
        // The client reads the name of the stream from every answer, an error included.
        response
          .setCorrelationId(request.getCorrelationId())
          .setStreamIdentifier(batch.options.getStreamIdentifier());
      const refuse = (error: CallError): void =>
        void call.write(told(new streamsPb.BatchAppendResp().setError(answerOf(error))));
      if (refusal) return refuse(refusal);
      const draining = faults.takeDraining();
      if (draining === 'stored in silence') log.append(stream, expected, proposed);
      if (draining === 'timed out') return refuse(TIMED_OUT);
      if (draining === 'not ready') return refuse(NOT_READY);
      if (draining === 'broken off') return void call.emit('error', BROKEN_OFF);
      if (draining) return;
      const response = told(decide(services, batch));
      if (faults.takeDroppedAck()) return services.dropConnections();
      faults.letThrough();
      services.began(batch.proposed);
      void faults.takeTimeout().then(async (gaveUp) => {
        if (!gaveUp) await faults.beforeAnswer();
        services.ended(batch.proposed);
        if (gaveUp) refuse(gaveUp);
        else call.write(response);
      });
    });
  };
}

/** Of which a server says nothing of the single append: not leading, not logged in. */
const ENDS_ALL: ReadonlySet<status> = new Set([status.NOT_FOUND, status.UNAUTHENTICATED]);

/** How an append is refused that the server speaks of: codes and types are others than those of a call of its own. */
function answerOf({ code, details, metadata }: CallError): InstanceType<typeof statusPb.Status> {
  const [type, told] = metadata.get('exception').includes('maximum-append-size-exceeded')
    ? (['MaximumAppendSizeExceeded', status.INVALID_ARGUMENT] as const)
    : (TYPES.get(code) ?? []);
  const packed = new anyPb.Any();
  if (type === undefined) packed.pack(new Uint8Array(), 'google.protobuf.Empty');
  else packed.pack(new Uint8Array(), `event_store.client.${type}`);
  const answer = new statusPb.Status().setMessage(type ?? details).setDetails(packed);
  // The values are those of gRPC.
  if (told !== undefined) answer.setCode(told as number);
  return answer;
}

const TYPES: ReadonlyMap<status, readonly [type: string, code: status]> = new Map([
  [status.PERMISSION_DENIED, ['AccessDenied', status.PERMISSION_DENIED]],
  [status.ABORTED, ['Timeout', status.DEADLINE_EXCEEDED]],
  [status.UNKNOWN, ['BadRequest', status.INVALID_ARGUMENT]],
]);

const correlation = (request: BatchAppendReq): string => request.getCorrelationId()?.getString() ?? '';

function collect(batches: Map<string, Batch>, request: BatchAppendReq): Batch {
  const options = request.getOptions();
  const batch = batches.get(correlation(request)) ?? (options && { options, proposed: [] });
  if (batch === undefined) throw new Error('a batch begins with its options');
  batches.set(correlation(request), batch);
  batch.proposed.push(...request.getProposedMessagesList().map(proposedEvent));
  return batch;
}

function decide({ log, positionsInRepeats }: AppendServices, { options, proposed }: Batch): BatchAppendResp {
  const identifier = options.getStreamIdentifier();
  const expected = expectation(options, () => options.getStreamPosition());
  const response = new streamsPb.BatchAppendResp();
  let decision: Decision;
  try {
    decision = log.append(streamName(identifier), expected, proposed);
  } catch (error) {
    return response.setError(deletedForGood(error));
  }
  if (decision.decision === 'conflict') return response.setError(conflict(decision, expected));
  const success = new streamsPb.BatchAppendResp.Success().setCurrentRevision(decision.revision.toString());
  if (decision.position === undefined || (decision.decision === 'repeated' && !positionsInRepeats)) {
    return response.setSuccess(success.setNoPosition(new emptyPb.Empty()));
  }
  const position = new sharedPb.AllStreamPosition()
    .setCommitPosition(decision.position.toString())
    .setPreparePosition(decision.position.toString());
  return response.setSuccess(success.setPosition(position));
}

/** @throws what says nothing of a tombstone */
function deletedForGood(error: unknown): InstanceType<typeof statusPb.Status> {
  if (!(error instanceof Tombstoned)) throw error;
  const packed = new anyPb.Any();
  packed.pack(new Uint8Array(), 'event_store.client.StreamDeleted');
  return new statusPb.Status().setCode(codePb.Code.NOT_FOUND).setMessage('StreamDeleted').setDetails(packed);
}

/** A conflict travels as a status with one packed detail inside a normal answer. */
function conflict(
  { current }: Extract<Decision, { decision: 'conflict' }>,
  expected: Expectation,
): InstanceType<typeof statusPb.Status> {
  const wrong = new sharedPb.WrongExpectedVersion();
  if (current === undefined) wrong.setCurrentNoStream(new emptyPb.Empty());
  else wrong.setCurrentStreamRevision(current.toString());
  if (expected === 'no-stream') wrong.setExpectedNoStream(new emptyPb.Empty());
  else if (typeof expected === 'bigint') wrong.setExpectedStreamPosition(expected.toString());
  const detail = new anyPb.Any();
  detail.pack(wrong.serializeBinary(), 'event_store.client.WrongExpectedVersion');
  return new statusPb.Status()
    .setCode(codePb.Code.ALREADY_EXISTS)
    .setMessage('WrongExpectedVersion')
    .setDetails(detail);
}
