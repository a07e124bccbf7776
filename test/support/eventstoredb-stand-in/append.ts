import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type { BatchAppendReq, AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { handleClientStreamingCall, sendUnaryData } from '@grpc/grpc-js';
import { streamDeleted } from './delete.js';
import { BROKEN_OFF, type Draining, type Faults, NOT_READY, TIMED_OUT } from './faults.js';
import { type Logins, refused } from './logins.js';
import type { Decision, Expectation, ProposedEvent, StandInLog } from './log.js';
import { proposedEvent, streamName } from './messages.js';
import { refusedAppend } from './refused-appends.js';

export interface AppendServices {
  readonly log: StandInLog;
  readonly faults: Faults;
  readonly logins: Logins;
  /** Whether the answer to a repeat says where its last event is. */
  readonly positionsInRepeats: boolean;
  /** Told of appends on their way: how many of the same events there are at once is asked for. */
  began(proposed: readonly ProposedEvent[]): void;
  ended(proposed: readonly ProposedEvent[]): void;
  /** Cuts every connection, as a crash right after the append would. */
  dropConnections(): void;
}

/** The call of one append, options first and then an event a message. */
export function appendHandler(services: AppendServices): handleClientStreamingCall<AppendReq, AppendResp> {
  return (call, answer) => {
    let options: AppendReq.Options | undefined;
    const proposed: ProposedEvent[] = [];
    call.on('data', (request: AppendReq) => {
      options ??= request.getOptions();
      const message = request.getProposedMessage();
      if (message !== undefined) proposed.push(proposedEvent(message));
    });
    call.on('error', () => undefined);
    call.on('end', () => {
      const { faults, log } = services;
      if (faults.silent || options === undefined) return;
      if (faults.appendRefusal !== undefined) return answer(faults.appendRefusal);
      const stream = streamName(options.getStreamIdentifier());
      const refusal = refused(services.logins, log, call, { does: 'write', stream });
      if (refusal) return answer(refusal);
      const expected = expectation(options, () => options?.getRevision());
      const unfit = refusedAppend(stream, expected, proposed);
      if (unfit) return answer(unfit);
      const draining = faults.takeDraining();
      if (draining === 'stored in silence') log.append(stream, expected, proposed);
      if (draining) return endOf(draining, answer);
      let decision: Decision;
      try {
        decision = log.append(stream, expected, proposed);
      } catch (error) {
        return answer(streamDeleted(error));
      }
      if (faults.takeDroppedAck()) return services.dropConnections();
      faults.letThrough();
      const response = appendResponse(services, decision, expected);
      services.began(proposed);
      const over = (): void => services.ended(proposed);
      void faults.takeTimeout().then(async (error) => {
        if (!error) await faults.beforeAnswer();
        over();
        if (error) answer(error);
        else answer(null, response);
      });
    });
  };
}

/** The shapes of both requests' options are alike but for the name of the exact revision. */
export function expectation(
  options: AppendReq.Options | BatchAppendReq.Options,
  exactRevision: () => string | undefined,
): Expectation {
  if (options.hasNoStream()) return 'no-stream';
  if (options.hasStreamExists()) return 'stream-exists';
  if (options.hasAny()) return 'any';
  return BigInt(exactRevision() ?? '0');
}

/** How a single call ends that a stopping server does not do. */
function endOf(draining: Draining, answer: sendUnaryData<AppendResp>): void {
  if (draining === 'timed out') answer(TIMED_OUT);
  else if (draining === 'not ready') answer(NOT_READY);
  else if (draining === 'broken off') answer(BROKEN_OFF);
}

function appendResponse(
  { positionsInRepeats }: AppendServices,
  decision: Decision,
  expected: Expectation,
): AppendResp {
  const response = new streamsPb.AppendResp();
  if (decision.decision === 'conflict') return response.setWrongExpectedVersion(conflict(decision, expected));
  const success = new streamsPb.AppendResp.Success().setCurrentRevision(decision.revision.toString());
  if (decision.position === undefined || (decision.decision === 'repeated' && !positionsInRepeats)) {
    // Servers may leave out the position of an append they had already; those who wait for it must look it up.
    return response.setSuccess(success.setNoPosition(new sharedPb.Empty()));
  }
  const position = new streamsPb.AppendResp.Position()
    .setCommitPosition(decision.position.toString())
    .setPreparePosition(decision.position.toString());
  return response.setSuccess(success.setPosition(position));
}

function conflict(
  { current }: Extract<Decision, { decision: 'conflict' }>,
  expected: Expectation,
): AppendResp.WrongExpectedVersion {
  const details = new streamsPb.AppendResp.WrongExpectedVersion();
  if (current === undefined) details.setCurrentNoStream(new sharedPb.Empty());
  else details.setCurrentRevision(current.toString());
  if (expected === 'no-stream') details.setExpectedNoStream(new sharedPb.Empty());
  else if (expected === 'stream-exists') details.setExpectedStreamExists(new sharedPb.Empty());
  else if (expected === 'any') details.setExpectedAny(new sharedPb.Empty());
  else details.setExpectedRevision(expected.toString());
  return details;
}
