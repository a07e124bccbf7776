import type {
  DeleteReq,
  DeleteResp,
  TombstoneReq,
  TombstoneResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { Metadata, status, type handleUnaryCall } from '@grpc/grpc-js';
import type { CallError } from './faults.js';
import { type Logins, refused } from './logins.js';
import { type StandInLog, Tombstoned } from './log.js';
import { streamName } from './messages.js';

/** What an operator may do to a stream, whatever is expected of it. */
export function deleteHandlers({ log, logins }: { readonly log: StandInLog; readonly logins: Logins }): {
  readonly delete: handleUnaryCall<DeleteReq, DeleteResp>;
  readonly tombstone: handleUnaryCall<TombstoneReq, TombstoneResp>;
} {
  return {
    delete: (call, answer) => {
      const stream = streamName(call.request.getOptions()?.getStreamIdentifier());
      const refusal = refused(logins, log, call, { does: 'delete', stream });
      if (refusal) return answer(refusal);
      const position = log.delete(stream).toString();
      const at = new streamsPb.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position);
      answer(null, new streamsPb.DeleteResp().setPosition(at));
    },
    tombstone: (call, answer) => {
      const stream = streamName(call.request.getOptions()?.getStreamIdentifier());
      const refusal = refused(logins, log, call, { does: 'delete', stream });
      if (refusal) return answer(refusal);
      const position = log.tombstone(stream).toString();
      const at = new streamsPb.TombstoneResp.Position()
        .setCommitPosition(position)
        .setPreparePosition(position);
      answer(null, new streamsPb.TombstoneResp().setPosition(at));
    },
  };
}

/** How a server says that a stream is gone for good. @throws what is no such error */
export function streamDeleted(error: unknown): CallError {
  if (!(error instanceof Tombstoned)) throw error;
  const metadata = new Metadata();
  metadata.set('exception', 'stream-deleted');
  metadata.set('stream-name', error.stream);
  return {
    code: status.FAILED_PRECONDITION,
    details: `Event stream '${error.stream}' is deleted.`,
    metadata,
  };
}
