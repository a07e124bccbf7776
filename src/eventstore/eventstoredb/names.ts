import type { StreamWrite } from '../event-store.js';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** One of a pair of surrogates without the other. */
const HALF_A_CHARACTER = /\p{Cs}/u;

/**
 * What the server refuses in words that do not say that it refused, so that the append would be repeated for ever; or keeps as another
 * name than was given.
 * @throws RangeError before anything is sent
 */
export function assertNames(writes: readonly StreamWrite[]): void {
  for (const { stream, events } of writes) {
    assertName('stream', stream);
    for (const { id, type } of events) {
      assertName('type', type);
      if (!UUID.test(id)) throw new RangeError('the id of an event is a UUID');
    }
  }
}

function assertName(what: string, name: string): void {
  if (name === '' || HALF_A_CHARACTER.test(name))
    throw new RangeError(`the ${what} of an event is a text of whole characters, and not empty`);
}
