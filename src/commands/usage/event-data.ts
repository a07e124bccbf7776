import { encodeEvent } from '../../domain/events/codec.js';
import type { UsageEvent } from '../../domain/usage/state.js';
import type { EventData } from '../../eventstore/event-store.js';
import { uuid5 } from '../../support/uuid5.js';

/** The stored form. Its id is uuid5(call id, kind): a call has at most one event of a kind, whoever writes it and in whichever version. */
export function toEventData(event: UsageEvent): EventData {
  const { type, data } = encodeEvent(event);
  const metadata =
    'request_id' in event.data ? { actor: 'system', request_id: event.data.request_id } : { actor: 'system' };
  return { id: uuid5(kindOf(event), event.data.call_id), type, data, metadata };
}

/** Ids were first made of the names of version 1, and have to stay what they are. */
const kindOf = ({ type }: UsageEvent): string => `${type}.v1`;
