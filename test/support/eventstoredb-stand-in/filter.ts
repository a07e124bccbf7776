import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { StoredEvent } from './log.js';

/**
 * Whether an event is among those that a filter lets through. A prefix is compared as people compare texts: a letter and the accent that
 * follows it are one, and no text that ends between the two is the beginning of it.
 */
export function isAskedBy(
  filter: ReadReq.Options.FilterOptions | undefined,
): (event: Pick<StoredEvent, 'stream'>) => boolean {
  const names = filter?.getStreamIdentifier();
  if (!names) return () => true;
  if (names.getRegex() !== '') {
    const pattern = new RegExp(names.getRegex(), 'u');
    return ({ stream }) => pattern.test(stream);
  }
  const prefixes = names.getPrefixList();
  return ({ stream }) =>
    prefixes.some((prefix) => stream.startsWith(prefix) && !/^\p{M}/u.test(stream.slice(prefix.length)));
}
