import type pg from 'pg';
import { handle } from '../commands/handling/handle.js';
import { load } from '../commands/handling/load.js';
import { planOne } from '../commands/handling/plan.js';
import { DEFAULT_TIMINGS } from '../commands/handling/timings.js';
import { channelDecider } from '../domain/channel/decide.js';
import type { ChannelSettings } from '../domain/channel/settings.js';
import type { Sealed } from '../domain/stored/fields.js';
import { channelStream } from '../domain/streams.js';
import type { EventStore } from '../eventstore/event-store.js';
import { readLog } from '../eventstore/read-log.js';
import {
  openFormerSealKeys,
  openNameKey,
  readKeyState,
  sealFormerSealKeys,
  sealNameKey,
  WrongMasterKey,
} from '../stores/ledger-instance.js';
import { resealIssuedSecrets, resealBesidePeople, resealPersonKeys } from '../stores/resealing.js';
import { CHANNEL_KEY_PURPOSE, CHANNEL_PROXY_PURPOSE, createKeyring } from '../support/keyring.js';
import { resealed, type Rotation } from '../support/resealed.js';

export interface RotationParts {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly oldKey: Uint8Array;
  readonly newKey: Uint8Array;
  readonly newId: () => string;
}

export type RotationOutcome =
  | { readonly done: 'before' }
  | {
      readonly done: 'now';
      readonly persons: number;
      readonly secrets: number;
      /** Registrations, links and mails that wait. */
      readonly mails: number;
      readonly channels: number;
      /** Things that neither key opens: they were lost before. */
      readonly unopened: number;
    };

/**
 * Seals under another master key whatever is sealed under this one. Each thing is opened with whichever of the two keys opens it, so that it
 * may die anywhere and be run again; between its first step and its last nothing else starts on the database. What is in old events of the
 * log stays sealed under the old key: of channels a new event has it under the new one. Events that are written from then on are sealed with a
 * key of the new one; that of the old one is kept, to know those of before by.
 *
 * @throws WrongMasterKey when the old key is not the one in force, or another rotation was begun
 */
export async function rotateMasterKey(parts: RotationParts): Promise<RotationOutcome> {
  const { pool, oldKey, newKey } = parts;
  const rotation: Rotation = { from: createKeyring(oldKey), to: createKeyring(newKey) };
  const state = await readKeyState(pool);
  const { fingerprint } = rotation.to;
  if (state?.fingerprint === fingerprint && state.rotatingTo === undefined) return { done: 'before' };
  if (state?.fingerprint !== rotation.from.fingerprint)
    throw new WrongMasterKey('the database is sealed under neither of the two keys');
  if (state.rotatingTo !== undefined && state.rotatingTo !== fingerprint)
    throw new WrongMasterKey('a rotation to another new key was begun: finish that one first');
  await pool.query('UPDATE ledger_instance SET rotating_to = $1', [fingerprint]);
  await refuseCompany(pool, state.rotatingTo);
  const persons = await resealPersonKeys(pool, rotation);
  const secrets = await resealIssuedSecrets(pool, rotation);
  const mails = await resealBesidePeople(pool, rotation);
  const channels = await resealChannels(parts, rotation);
  const sealKeys = [...openFormerSealKeys(oldKey, state), rotation.from.eventSealKey];
  await pool.query(
    'UPDATE ledger_instance SET master_key_fingerprint = $1, name_key = $2, former_seal_keys = $3, rotating_to = NULL',
    [
      fingerprint,
      JSON.stringify(sealNameKey(newKey, openNameKey(oldKey, state))),
      JSON.stringify(sealFormerSealKeys(newKey, sealKeys)),
    ],
  );
  const unopened = persons.unopened + secrets.unopened + mails.unopened + channels.unopened;
  return {
    done: 'now',
    persons: persons.resealed,
    secrets: secrets.resealed,
    mails: mails.resealed,
    channels: channels.resealed,
    unopened,
  };
}

/** Somebody else works on the database: it would seal and open with the old key meanwhile. */
export class NotAlone extends Error {
  override readonly name = 'NotAlone';
}

/** Whoever starts from now on is refused by the mark; who was there before must stop. */
async function refuseCompany(pool: pg.Pool, begunBefore: string | undefined): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT DISTINCT application_name AS name FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'counterfoil %'
       AND application_name NOT LIKE 'counterfoil rotation%'`,
  );
  if (rows.length === 0) return;
  // One that was begun before must be finished, whoever is there.
  await pool.query('UPDATE ledger_instance SET rotating_to = $1', [begunBefore ?? null]);
  throw new NotAlone(`stop every service first; still connected: ${rows.map(({ name }) => name).join(', ')}`);
}

const META = { actor: 'cli', requestId: 'cli' };

async function resealChannels(
  { store, newId }: RotationParts,
  rotation: Rotation,
): Promise<{ readonly resealed: number; readonly unopened: number }> {
  const counts = { resealed: 0, unopened: 0 };
  const ledger = {
    store,
    guards: { raiseGuards: () => Promise.resolve() },
    newId,
    now: () => new Date(),
    timings: DEFAULT_TIMINGS,
  };
  for (const channelId of await channelsIn(store)) {
    const result = await handle(ledger, 'rotate-master-key', META, async () => {
      const channel = await load(store, channelStream(channelId), channelDecider);
      if (!channel.state) return planOne(channel, { kind: 'accepted', events: [] }, 0);
      const { settings, unopened } = resealedSettings(rotation, channel.state.settings);
      const isSame = settings === channel.state.settings;
      const data = { channel_id: channelId, settings, by: META.actor };
      const events = isSame ? [] : [{ type: 'channel-configured' as const, data }];
      counts.resealed += events.length;
      return planOne(channel, { kind: 'accepted', events }, unopened);
    });
    if (result.ok) counts.unopened += result.value;
  }
  return counts;
}

const CHANNEL = channelStream('');

async function channelsIn(store: EventStore): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const { events } of readLog(store, { after: -1n }))
    for (const { stream } of events) if (stream.startsWith(CHANNEL)) found.add(stream.slice(CHANNEL.length));
  return found;
}

/** The very settings where nothing of them is under the old key. */
function resealedSettings(
  rotation: Rotation,
  settings: ChannelSettings,
): { readonly settings: ChannelSettings; readonly unopened: number } {
  let unopened = 0;
  let changed = false;
  const again = (sealed: Sealed, purpose: string): Sealed => {
    const result = resealed(rotation, sealed, purpose);
    if (result === undefined) unopened += 1;
    changed ||= result !== undefined && result !== sealed;
    return result ?? sealed;
  };
  const keys = settings.keys.map((key) => ({ ...key, sealed: again(key.sealed, CHANNEL_KEY_PURPOSE) }));
  const { sealed_proxy_credentials: proxy } = settings;
  const sealed_proxy_credentials = proxy && again(proxy, CHANNEL_PROXY_PURPOSE);
  return { settings: changed ? { ...settings, keys, sealed_proxy_credentials } : settings, unopened };
}
