import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';

/**
 * Lets the server look for events of streams whose names begin so: it goes past ten thousand others in the time in which a few are sent.
 * The client has no such way to ask when the whole log is read.
 */
export function withFilter(request: ReadReq, prefixes: readonly string[]): ReadReq {
  const { FilterOptions } = streamsPb.ReadReq.Options;
  const names = new FilterOptions.Expression().setPrefixList([...prefixes]);
  const filter = new FilterOptions()
    .setStreamIdentifier(names)
    .setCount(new sharedPb.Empty())
    .setCheckpointintervalmultiplier(1);
  request.getOptions()?.setFilter(filter);
  return request;
}
