import { typeOfStored } from '../domain/events/versions.js';
import { ERASED_TEXT, looksSealed } from '../domain/stored/person-text.js';
import type { EventStore, JsonObject, RecordedEvent } from '../eventstore/event-store.js';
import { readLog } from '../eventstore/read-log.js';

/** Words about a person that stand in the log as they were written, by a version that did not seal them yet. */
export interface UnsealedTexts {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly type: string;
  /** The members of the event's data that hold them. */
  readonly fields: readonly string[];
}

/** Members that people write, wherever they stand. The reason of an erasure never names the person. */
const written = ['username', 'aff_code', 'token_name', 'note', 'reason', 'models', 'allow_ips'];
/** Events of an account in which words of a program stand under such a name. */
const ofPrograms = new Set<string | undefined>(['account-erased', 'consumption-recorded', 'call-abandoned']);

/** What of an account's events was never sealed, in log order. Reads the whole log. */
export async function unsealedTextsOf(
  store: EventStore,
  accountId: string,
): Promise<readonly UnsealedTexts[]> {
  const found: UnsealedTexts[] = [];
  const tokens = new Set<unknown>();
  for await (const { events } of readLog(store, { after: -1n }))
    for (const event of events) {
      const { data, type, position, stream, revision } = event;
      if (data['account_id'] === accountId && typeOfStored(type) === 'token-issued')
        tokens.add(data['token_id']);
      if (!isOf(event, accountId, tokens)) continue;
      const fields = [...fieldsOf(data), ...fieldsOf(data['limits'])];
      if (fields.length > 0) found.push({ position, stream, revision, type, fields });
    }
  return found;
}

/** Events of a token name the account only where it was issued. */
function isOf({ type, data }: RecordedEvent, accountId: string, tokens: ReadonlySet<unknown>): boolean {
  const name = typeOfStored(type);
  if (ofPrograms.has(name)) return false;
  return (
    data['account_id'] === accountId || (name?.startsWith('token-') === true && tokens.has(data['token_id']))
  );
}

function fieldsOf(data: unknown): readonly string[] {
  if (typeof data !== 'object' || data === null) return [];
  return written.filter((name) => [(data as JsonObject)[name]].flat().some(isPlainText));
}

const isPlainText = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && value !== ERASED_TEXT && !looksSealed(value);
