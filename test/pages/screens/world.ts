import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { startEmbeddedPostgres } from '../../../src/postgres/embedded.js';
import { migrate } from '../../../src/postgres/migrate.js';
import { createPool } from '../../../src/postgres/pool.js';
import { type AsAdmin, OPERATOR } from '../../acceptance/support/operator.js';
import { eventually } from '../../support/eventually.js';
import { ServiceProcess } from '../../support/service-process.js';
import { PERSON, registerPerson } from '../support/people.js';
import { LedgerClock } from './clock.js';
import { DAYS, END, hoursSinceEnd, live, SERVICE_KEY, ZONE } from './life.js';
import { post, signedIn } from './orders.js';
import { TellingUpstream } from './upstream.js';

const HOUR_MS = 3_600_000;

/** The sample's prices, and channels that serve their models. */
async function bootstrapIn(folder: string, port: number): Promise<string> {
  const { prices } = parse(await readFile('samples/bootstrap.yaml', 'utf8')) as {
    prices: readonly { model: string }[];
  };
  const served = (of: (model: string) => boolean) => prices.map(({ model }) => model).filter(of);
  const channel = (name: string, models: readonly string[]) => ({
    name,
    base_url: `http://127.0.0.1:${port}/v1`,
    api_key: 'no-key',
    models,
  });
  const channels = [
    channel(
      'openai-east',
      served((model) => /^(gpt|o\d)/.test(model)),
    ),
    channel(
      'openai-west',
      served((model) => model.startsWith('gpt-4o')),
    ),
    channel(
      'anthropic',
      served((model) => model.startsWith('claude')),
    ),
    channel(
      'google',
      served((model) => model.startsWith('gemini')),
    ),
    channel(
      'deepseek',
      served((model) => model.startsWith('deepseek')),
    ),
  ];
  const file = join(folder, 'bootstrap.json');
  await writeFile(file, JSON.stringify({ prices, channels }));
  return file;
}

/** Makes the first admin, at the machine. */
function makeAdmin(ledger: NodeJS.ProcessEnv, { environment, nodeOptions }: LedgerClock): void {
  const { name, password } = OPERATOR;
  const command = ['dist/cli/main.js', 'operator', 'create', name, '--role', 'admin'];
  execFileSync(process.execPath, [...nodeOptions, ...command], {
    input: `${password}\n`,
    env: { ...process.env, ...ledger, ...environment },
  });
}

/** As the first admin, at the time that the service believes it is. */
async function signInAdmin(url: string): Promise<AsAdmin> {
  const ask = async (method: string, path: string, body?: object, token = '') => {
    const reply = await fetch(`${url}/api/admin${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
    return ((await reply.json()) as { data: unknown }).data;
  };
  const { token } = (await ask('POST', '/login', OPERATOR)) as { token: string };
  return (method, path, body) => ask(method, path, body, token);
}

/** What is sold beside top-ups. */
async function offer(admin: AsAdmin): Promise<void> {
  const plans = [
    { id: 'monthly', name: 'Monthly', amount_usd: '20', months: 1, amount: '129' },
    { id: 'yearly', name: 'Yearly', amount_usd: '280', months: 12, amount: '1680' },
  ] as const;
  for (const { id, amount, ...plan } of plans)
    await admin('PUT', `/plans/${id}`, {
      ...plan,
      description: 'For everyday work with any model',
      prices: [{ currency: 'CNY', amount }],
    });
  const batches = [
    ['Autumn workshop', 40, '5'],
    ['Partners', 12, '25'],
  ] as const;
  for (const [name, codes, amount_usd] of batches)
    await admin('POST', '/codes', {
      ...{ name, codes, amount_usd, grant_days: 90, reference: name.toLowerCase().replaceAll(' ', '-') },
      ends_at: END.plus({ days: 60 }).toISO(),
    });
}

/** What an admin has done today: a correction, a group, and a check of the books. */
async function work(admin: AsAdmin): Promise<void> {
  await admin('POST', '/users/lindgren/adjust', {
    amount_usd: 5,
    reason: 'the outage of Thursday',
    adjustment_id: 'outage-thursday',
  });
  const job = (await admin('POST', '/jobs', { type: 'verify' })) as { id: string };
  await eventually(async () => {
    const { state } = (await admin('GET', `/jobs/${job.id}`)) as { state: string };
    return state === 'finished';
  });
}

/** What is invited for brings a tenth. @returns the code by which the person invites */
async function letInvite(url: string, admin: AsAdmin): Promise<string> {
  const limits = { invitee_most_usd: '100', month_most_usd: '1000' };
  await admin('PUT', '/settings/referrals', { value: { part: '0.1', days: 7, ...limits } });
  const rights = await signedIn(url);
  return (await post<{ aff_code: string }>(url, '/api/user/referral/code', {}, rights)).aff_code;
}

/** The id that a self-registered person has for the external API. */
async function idOfPerson(admin: AsAdmin): Promise<string> {
  const { users } = (await admin('GET', `/users?q=${PERSON.username}`)) as {
    users: readonly { external_user_id: string }[];
  };
  const [{ external_user_id: id } = { external_user_id: '' }] = users;
  return id;
}

/** A service with a month behind it. */
export interface LivedService {
  readonly url: string;
  /** What the time is there. */
  readonly now: () => Date;
  /** Begins the service anew on the same ledger, so that pages that were built meanwhile are served. @returns its address */
  restart(): Promise<string>;
  close(): Promise<void>;
}

/** Lives the month on a ledger of its own. */
export async function livedService(): Promise<LivedService> {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-screens-'));
  // Where root runs this, PostgreSQL runs as somebody else, who must be able to enter.
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  const pool = createPool({ connectionString: postgres.url, max: 1, applicationName: 'screens' });
  await migrate(pool);
  const clock = await LedgerClock.in(pool, join(folder, 'clock.json'));
  await clock.begin(hoursSinceEnd() + DAYS * 24);
  const upstream = await TellingUpstream.open();
  const ledger = { DATA_DIR: join(folder, 'data'), DATABASE_URL: postgres.url };
  const settings = {
    ...ledger,
    BOOTSTRAP_FILE: await bootstrapIn(folder, upstream.port),
    SERVICE_KEYS: SERVICE_KEY,
    LEDGER_TIMEZONE: ZONE,
    TEST_PAYMENTS: 'on',
    ...{ GRANTS: 'on', CODES: 'on', PLANS: 'on', REFERRALS: 'on', TEAMS: 'on' },
    ...clock.environment,
  };
  const begin = () => new ServiceProcess(settings, clock.nodeOptions);
  let service = begin();
  const close = async () => {
    await service.stop();
    upstream.close();
    await pool.end();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const restart = async () => {
    await service.stop();
    service = begin();
    return service.ready();
  };
  try {
    const url = await service.ready();
    makeAdmin(ledger, clock);
    const then = await signInAdmin(url);
    await registerPerson(url, then);
    await offer(then);
    const affCode = await letInvite(url, then);
    const endHours = await live({ url, clock, personId: await idOfPerson(then), affCode });
    await work(await signInAdmin(url));
    return { url, now: () => new Date(Date.now() - endHours * HOUR_MS), restart, close };
  } catch (error) {
    await close();
    throw error;
  }
}
