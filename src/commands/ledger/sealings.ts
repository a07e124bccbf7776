import { decodeEvent } from '../../domain/events/codec.js';
import { ledgerStream, logStream } from '../../domain/streams.js';
import { BEFORE_FIRST, type EventStore, type RecordedEvent } from '../../eventstore/event-store.js';
import type { Sealing, Seals } from '../../eventstore/seals.js';
import { notSealed } from '../../eventstore/wrong-log.js';
import type { CommandMeta } from '../handling/command.js';
import { FOUNDING } from './found-ledger.js';
import { tellLedger } from './tell-ledger.js';

const PAGE = 200;

type Log = Pick<EventStore, 'append' | 'readStream'>;

/**
 * From where on the log says that all is sealed. What it says of itself is read before anybody guards it, and decides what is skipped: so it is
 * looked at here.
 * @throws WrongLog for a word about the log that is not sealed as it must be; EventStoreUnavailable
 */
export async function readSealings(
  log: Pick<Log, 'readStream'>,
  seals: Seals | undefined,
): Promise<readonly Sealing[]> {
  const said = await wholeStream(log, ledgerStream);
  const told = said.flatMap(({ type, data, position }) => {
    const event = decodeEvent(type, data);
    return event.type === 'ledger-sealed' ? { keyId: event.data.key_id, position } : [];
  });
  // Nothing of a ledger that was founded sealed is from before that word, so that what was put before it is not the service's. In a copy
  // of a log there is what it says of itself, which is sealed with the key of then.
  const isFoundedSealed = said[1]?.position === told[0]?.position && said[1]?.metadata.command === FOUNDING;
  const sealings = isFoundedSealed ? [{ keyId: undefined, position: BEFORE_FIRST }, ...told] : told;
  if (!seals) return sealings;
  for (const event of [...said, ...(await wholeStream(log, logStream))]) {
    const found = seals.faultOf(event, sealings);
    if (found !== undefined) throw notSealed(event, found);
  }
  return sealings;
}

async function wholeStream(log: Pick<Log, 'readStream'>, stream: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (;;) {
    const page = await log.readStream(stream, { from: BigInt(events.length), limit: PAGE });
    events.push(...page);
    if (page.length < PAGE) return events;
  }
}

/** Says that from here on all is sealed with a key. Answers whether that had not been said. Processes that say it at once say it once. */
export async function tellSealed(
  store: Log,
  { ledgerId, keyId }: { readonly ledgerId: string; readonly keyId: string },
  meta: CommandMeta,
): Promise<boolean> {
  const command = { type: 'seal' as const, keyId, by: meta.actor };
  const { events } = await tellLedger({ store, newId: () => ledgerId }, 'seal-log', command, meta);
  return events.length > 0;
}
