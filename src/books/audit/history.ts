import { accountDecider } from '../../domain/account/decide.js';
import { channelDecider } from '../../domain/channel/decide.js';
import type { Decider } from '../../domain/decider.js';
import { decodeEvent } from '../../domain/events/catalogue.js';
import { operatorDecider } from '../../domain/operator/decide.js';
import { priceListDecider } from '../../domain/price/decide.js';
import { serviceKeyDecider } from '../../domain/servicekey/decide.js';
import { settingDecider } from '../../domain/setting/decide.js';
import type { SettingKey } from '../../domain/setting/settings.js';
import {
  accountStream,
  channelStream,
  operatorStream,
  priceListStream,
  serviceKeyStream,
  settingStream,
  tokenStream,
} from '../../domain/streams.js';
import { tokenDecider } from '../../domain/token/decide.js';
import type { EventStore } from '../../eventstore/event-store.js';
import { AuditRefused } from './faults.js';
import { differing, type Facts, factsOf } from './facts.js';

export const historyKinds = [
  'user',
  'key',
  'channel',
  'setting',
  'prices',
  'operator',
  'service-key',
] as const;
export type HistoryKind = (typeof historyKinds)[number];

/** One change of a thing: who made it, and what it was before and is after. */
export interface Change {
  readonly position: bigint;
  readonly revision: bigint;
  readonly recorded_at: string;
  readonly event: string;
  readonly by: string;
  readonly request_id: string | null;
  /** What the change took away or replaced, and what it put there; facts that stayed are in neither. */
  readonly before: Facts;
  readonly after: Facts;
}

type AnyDecider = Decider<unknown, never, { readonly type: string }>;

const things: Readonly<
  Record<HistoryKind, { readonly stream: (id: string) => string; readonly decider: AnyDecider }>
> = {
  // By the account's own id.
  user: { stream: accountStream, decider: accountDecider },
  key: { stream: (id) => tokenStream(Number(id)), decider: tokenDecider },
  channel: { stream: channelStream, decider: channelDecider },
  setting: { stream: (id) => settingStream(id as SettingKey), decider: settingDecider },
  prices: { stream: () => priceListStream, decider: priceListDecider },
  operator: { stream: operatorStream, decider: operatorDecider },
  'service-key': { stream: serviceKeyStream, decider: serviceKeyDecider },
};

const PAGE = 200;

/** Every change of a thing, in order, folded from its stream alone. @throws AuditRefused `figure_not_found` */
export async function historyOf(
  store: Pick<EventStore, 'readStream'>,
  kind: HistoryKind,
  id: string,
): Promise<readonly Change[]> {
  const { stream, decider } = things[kind];
  const changes: Change[] = [];
  let state = decider.initialState();
  let facts = factsOf(state);
  for (let from = 0n; ; from += BigInt(PAGE)) {
    const page = await store.readStream(stream(id), { from, limit: PAGE });
    for (const recorded of page) {
      const event = decodeEvent(recorded.type, recorded.data);
      state = decider.evolve(state, event);
      const next = factsOf(state);
      const { actor, request_id } = recorded.metadata;
      changes.push({
        position: recorded.position,
        revision: recorded.revision,
        recorded_at: recorded.recordedAt.toISOString(),
        event: recorded.type,
        by: 'by' in event.data ? event.data.by : typeof actor === 'string' ? actor : '',
        request_id: typeof request_id === 'string' ? request_id : null,
        before: differing(facts, next),
        after: differing(next, facts),
      });
      facts = next;
    }
    if (page.length < PAGE) break;
  }
  if (changes.length === 0) throw new AuditRefused('figure_not_found', `nothing is known of ${kind} ${id}`);
  return changes;
}
