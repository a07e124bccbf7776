import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import statusPb from '@eventstore/db-client/generated/status_pb.js';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { handleBidiStreamingCall } from '@grpc/grpc-js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import { expectation, type AppendServices } from './append.js';
import { refused } from './logins.js';
import type { Decision, Expectation, ProposedEvent } from './log.js';
import { proposedEvent, streamName } from './messages.js';

interface Batch {
  readonly options: BatchAppendReq.Options;
  readonly proposed: ProposedEvent[];
}

/** The client's other path: one stream for all appends, told apart by correlation ids. */
export function batchAppendHandler(
  services: AppendServices,
): handleBidiStreamingCall<BatchAppendReq, BatchAppendResp> {
  return (call) => {
    const batches = new Map<string, Batch>();
    call.on('error', () => undefined);
    call.on('end', () => call.end());
    call.on('data', (request: BatchAppendReq) => {
      const { faults } = services;
      if (faults.silent) return;
      if (faults.refusal !== undefined) return void call.emit('error', faults.refusal);
      const batch = collect(batches, request);
      if (!request.getIsFinal()) return;
      batches.delete(correlation(request));
      const stream = streamName(batch.options.getStreamIdentifier());
      const refusal = refused(services.logins, services.log, call, { does: 'write', stream });
      if (refusal) return void call.emit('error', refusal);
      const response = decide(services, batch).setCorrelationId(request.getCorrelationId());
      if (faults.takeDroppedAck()) return services.dropConnections();
      faults.letThrough();
      void faults.beforeAnswer().then(() => call.write(response));
    });
  };
}

const correlation = (request: BatchAppendReq): string => request.getCorrelationId()?.getString() ?? '';

function collect(batches: Map<string, Batch>, request: BatchAppendReq): Batch {
  const options = request.getOptions();
  const batch = batches.get(correlation(request)) ?? (options && { options, proposed: [] });
  if (batch === undefined) throw new Error('a batch begins with its options');
  batches.set(correlation(request), batch);
  batch.proposed.push(...request.getProposedMessagesList().map(proposedEvent));
  return batch;
}

function decide({ log }: AppendServices, { options, proposed }: Batch): BatchAppendResp {
  const identifier = options.getStreamIdentifier();
  const expected = expectation(options, () => options.getStreamPosition());
  const decision = log.append(streamName(identifier), expected, proposed);
  // The client reads the name of the stream from every answer, an error included.
  const response = new streamsPb.BatchAppendResp().setStreamIdentifier(identifier);
  if (decision.decision === 'conflict') return response.setError(conflict(decision, expected));
  const success = new streamsPb.BatchAppendResp.Success().setCurrentRevision(decision.revision.toString());
  if (decision.decision === 'repeated') {
    return response.setSuccess(success.setNoPosition(new emptyPb.Empty()));
  }
  const position = new sharedPb.AllStreamPosition()
    .setCommitPosition(decision.position.toString())
    .setPreparePosition(decision.position.toString());
  return response.setSuccess(success.setPosition(position));
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
  return new statusPb.Status().setMessage('WrongExpectedVersion').setDetails(detail);
}
