import { DateTime } from 'luxon';
import { eventually } from '../../support/eventually.js';
import { PERSON } from '../support/people.js';
import type { LedgerClock } from './clock.js';
import { orderSome } from './orders.js';
import type { Script } from './upstream.js';

// A month of a small reseller: who pays, who calls, how much and at which hours. The same at every run.

export const DAYS = 30;
export const ZONE = 'Asia/Shanghai';
export const SERVICE_KEY = 'screens-service-key';

interface Habit {
  readonly key: string;
  readonly model: string;
  /** Calls in a busy hour, and the tokens of one. */
  readonly calls: number;
  readonly prompt: number;
  readonly completion: number;
  /** So many days ago it was put out of use. */
  readonly until?: number;
}

interface Person {
  readonly name: string;
  readonly habits: readonly Habit[];
}

/** Whose keys are used how; the first person is who looks at the Portal. */
const PEOPLE: readonly [Person, ...(readonly Person[])] = [
  {
    name: PERSON.username,
    habits: [
      { key: 'laptop', model: 'claude-sonnet-4-5', calls: 0.9, prompt: 9_400, completion: 730 },
      { key: 'laptop', model: 'gpt-4o-mini', calls: 1.2, prompt: 2_100, completion: 390 },
      { key: 'nightly-batch', model: 'gpt-4o', calls: 0.3, prompt: 5_200, completion: 610 },
      { key: 'chat-widget', model: 'gemini-2.5-flash', calls: 0.5, prompt: 1_300, completion: 240 },
      { key: 'workshop', model: 'gpt-4o-mini', calls: 0.5, prompt: 2_400, completion: 320, until: 21 },
    ],
  },
  {
    name: 'harbour-books',
    habits: [{ key: 'support', model: 'gpt-4o', calls: 2.4, prompt: 6_800, completion: 520 }],
  },
  {
    name: 'lindgren',
    habits: [{ key: 'reader', model: 'claude-sonnet-4-5', calls: 1.4, prompt: 12_600, completion: 940 }],
  },
  {
    name: 'north-lab',
    habits: [{ key: 'papers', model: 'gemini-2.5-pro', calls: 1.1, prompt: 18_200, completion: 1_450 }],
  },
  {
    name: 'xu-studio',
    habits: [{ key: 'shop', model: 'gpt-4o-mini', calls: 2.2, prompt: 3_600, completion: 420 }],
  },
];

/** What some keys may spend in all, in quota. */
const LIMITS: Readonly<Record<string, number>> = {
  laptop: 10_000_000,
  'nightly-batch': 2_100_000,
  workshop: 5_000_000,
};

/** Whom the person has invited. */
const INVITED: readonly string[] = ['harbour-books', 'lindgren'];

/** Whoever reads along lets it come word by word; scripts wait for the whole. */
const STREAMED_FROM = 300;

/** Of an hour of the day, how busy it is; nobody works at night but batches. */
const BUSY = [
  0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.4, 0.8, 1.2, 1.4, 1.3, 0.9, 1.2, 1.5, 1.4, 1.2, 1, 0.8, 0.7, 0.6, 0.5,
  0.4, 0.3,
];

/** When the pictures are taken, by the ledger's clock: always the same day, well under way. */
export const END = DateTime.fromISO('2026-11-27T14:32:09', { zone: ZONE });
/** The last two hours are lived by five minutes, in which every channel is asked. */
const STEPS_AN_HOUR = 12;
const FINE_HOURS = 2;
const ASKED = ['gpt-4o-mini', 'claude-3-5-haiku', 'gemini-2.5-flash', 'deepseek-chat'] as const;

/** How long ago it was the time at which the pictures are taken. */
export const hoursSinceEnd = (): number => DateTime.now().diff(END, 'hours').hours;

export interface World {
  readonly url: string;
  readonly clock: LedgerClock;
  /** As who registered is known to the external API. */
  readonly personId: string;
  /** By which the person invites others. */
  readonly affCode: string;
}

interface Issued {
  readonly access_key: string;
  readonly token_id: number;
}

/** By whose and which key. */
interface Settled {
  readonly keys: ReadonlyMap<string, string>;
  readonly ids: ReadonlyMap<string, number>;
}

/** Asked more than once, since one failure may be an accident; long enough for all pictures. */
const RESTING = { model: 'deepseek-chat', times: 4, seconds: 600 };

/**
 * Lives the month. Each of its hours begins on time, however long those before it took.
 * @returns by how many hours the clock stays behind
 */
export async function live(world: World): Promise<number> {
  let behind = 0;
  const luck = lottery(7);
  const { keys, ids } = await settle(world);
  for (let hoursAgo = DAYS * 24 - 1; hoursAgo >= 0; hoursAgo--) {
    behind = hoursSinceEnd() + hoursAgo;
    await world.clock.setBack(behind);
    await believed(world);
    await liveAnHour(world, keys, hoursAgo, luck);
    if (hoursAgo <= FINE_HOURS && hoursAgo > 0) await askEverybody(world, keys, hoursAgo, luck);
    await orderSome(world, hoursAgo);
    for (const { key, until } of PEOPLE[0].habits)
      if (until !== undefined && hoursAgo === 24 * until)
        await frontEnd(
          world,
          '/token',
          { external_user_id: world.personId, token_id: ids.get(`${PERSON.username}/${key}`), status: 2 },
          'PATCH',
        );
    if (hoursAgo === 5 * 24) await topUp(world, 'north-lab', 120, 'pay_2041');
    if (hoursAgo === 3 * 24) await topUp(world, 'harbour-books', 200, 'pay_2077');
    if (hoursAgo === 25 * 24) await makeTeam(world, ids);
  }
  for (let failures = 0; failures < RESTING.times; failures++) {
    const script = { prompt: 24, completion: 2, waitMs: 0, fails: true, restsSeconds: RESTING.seconds };
    await call(world.url, { accessKey: keys.get('xu-studio/shop') ?? '', model: RESTING.model, script });
  }
  return behind;
}

/** The person lets two others call on the same balance, each within a budget. */
async function makeTeam(world: World, ids: ReadonlyMap<string, number>): Promise<void> {
  const team = `/${world.personId}/team`;
  await frontEnd(world, team, { name: 'Reading room' }, 'PUT');
  for (const { member, key, amount_usd, period } of [
    { member: 'lindgren', key: 'chat-widget', amount_usd: 40, period: 'month' },
    { member: 'north-lab', key: 'nightly-batch', amount_usd: 5, period: 'week' },
  ]) {
    await frontEnd(world, `${team}/members/${member}`, {}, 'PUT');
    const token_id = ids.get(`${PERSON.username}/${key}`);
    await frontEnd(world, `${team}/keys/${token_id}`, { member }, 'PUT');
    await frontEnd(world, `${team}/members/${member}/budget`, { amount_usd, period }, 'PUT');
  }
}

/** Where the service compared the two clocks while one of them was set already, it works again once it has looked again. */
async function believed({ url }: World): Promise<void> {
  await eventually(async () => (await fetch(`${url}/readyz`)).ok);
}

/** Somebody's monitor: a small call of each channel, so that one sees of each how it did lately. */
async function askEverybody(
  world: World,
  keys: ReadonlyMap<string, string>,
  hoursAgo: number,
  luck: () => number,
): Promise<void> {
  const accessKey = keys.get('xu-studio/shop') ?? '';
  for (let step = 1; step < STEPS_AN_HOUR; step++) {
    await world.clock.setBack(hoursSinceEnd() + hoursAgo - step / STEPS_AN_HOUR);
    await believed(world);
    for (const model of ASKED) {
      const script: Script = {
        prompt: 24,
        completion: 2,
        waitMs: Math.round(120 * luck()),
        fails: luck() < 0.01,
      };
      await call(world.url, { accessKey, model, script });
    }
  }
}

async function settle(world: World): Promise<Settled> {
  const keys = new Map<string, string>();
  const ids = new Map<string, number>();
  let payment = 2_001;
  for (const { name, habits } of PEOPLE) {
    if (name !== PERSON.username)
      await frontEnd(world, '/sync', {
        external_user_id: name,
        username: name,
        email: `${name}@example.com`,
        ...(INVITED.includes(name) && { inviter_aff_code: world.affCode }),
      });
    await topUp(world, name, name === PERSON.username ? 100 : 60, `pay_${payment++}`);
    for (const key of new Set(habits.map((habit) => habit.key))) {
      const quota_limit = LIMITS[key];
      const limit = quota_limit === undefined ? {} : { quota_limit };
      const body = { external_user_id: idOf(world, name), token_name: key, ...limit };
      const { access_key, token_id } = (await frontEnd(world, '/token', body)) as Issued;
      keys.set(`${name}/${key}`, access_key);
      ids.set(`${name}/${key}`, token_id);
    }
  }
  return { keys, ids };
}

/** As a person is known to the external API. */
const idOf = ({ personId }: World, name: string): string => (name === PERSON.username ? personId : name);

async function topUp(world: World, name: string, amountUsd: number, paymentId: string): Promise<void> {
  const external_user_id = idOf(world, name);
  await frontEnd(world, '/topup', { external_user_id, amount_usd: amountUsd, payment_id: paymentId });
}

async function liveAnHour(
  { url }: World,
  keys: ReadonlyMap<string, string>,
  hoursAgo: number,
  luck: () => number,
): Promise<void> {
  const hour = DateTime.now()
    .setZone(ZONE)
    .minus({ hours: hoursSinceEnd() + hoursAgo });
  const busy = (BUSY[hour.hour] ?? 1) * (hour.weekday > 5 ? 0.5 : 1);
  const calls = PEOPLE.flatMap(({ name, habits }) =>
    habits.flatMap((habit) => {
      if (hoursAgo < 24 * (habit.until ?? 0)) return [];
      const share = habit.key === 'nightly-batch' ? (hour.hour < 5 ? 4 : 0) : busy;
      return Array.from({ length: Math.round(habit.calls * share * (0.5 + luck())) }, () => {
        const much = 0.3 + 1.4 * luck();
        const script: Script = {
          prompt: Math.round(habit.prompt * much),
          completion: Math.round(habit.completion * (0.4 + 1.2 * luck())),
          waitMs: hoursAgo < 24 ? Math.round(300 + 1_500 * luck() ** 3) : 0,
          fails: luck() < 0.006,
        };
        return { accessKey: keys.get(`${name}/${habit.key}`) ?? '', model: habit.model, script };
      });
    }),
  );
  await Promise.all(calls.map((each) => call(url, each)));
}

async function call(
  url: string,
  { accessKey, model, script }: { accessKey: string; model: string; script: Script },
): Promise<void> {
  const reply = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      stream: script.completion > STREAMED_FROM,
      max_tokens: 4_000,
      messages: [{ role: 'user', content: JSON.stringify(script) }],
    }),
  });
  const text = await reply.text();
  if (!reply.ok && !script.fails) throw new Error(`a call of ${model} answered ${reply.status}: ${text}`);
}

async function frontEnd({ url }: World, path: string, body: object, method = 'POST'): Promise<unknown> {
  const reply = await fetch(`${url}/api/user/external${path}`, {
    method,
    headers: { authorization: `Bearer ${SERVICE_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${text}`);
  return (JSON.parse(text) as { data: unknown }).data;
}

/** Numbers from 0 to 1 that are the same at every run. */
function lottery(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
