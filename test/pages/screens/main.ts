import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { parse } from 'yaml';
import { startEmbeddedPostgres } from '../../../src/postgres/embedded.js';
import { migrate } from '../../../src/postgres/migrate.js';
import { createPool } from '../../../src/postgres/pool.js';
import { type AsAdmin, OPERATOR } from '../../acceptance/support/operator.js';
import { eventually } from '../../support/eventually.js';
import { ServiceProcess } from '../../support/service-process.js';
import { asAdmin } from '../support/admin.js';
import { openBrowser } from '../support/browser.js';
import { pageOf } from '../support/looks.js';
import { asPerson, PERSON, registerPerson } from '../support/people.js';
import { at, type Open } from '../support/visit.js';
import { LedgerClock } from './clock.js';
import { DAYS, live, SERVICE_KEY, ZONE } from './life.js';
import { TellingUpstream } from './upstream.js';

// `npm run screens`: pictures of the main pages of a real service after a month of work, light and dark, in both languages, for README
// and docs. `npm run screens -- portal-home admin` makes those whose names begin so.

const FOLDER = 'docs/screens';
const SIZE = { width: 1280, height: 800 };

/** The newest charge, and why it is what it is. */
const explained: Open = Object.assign(
  async (...looked: Parameters<Open>) => {
    await asPerson('/portal/logs?type=consume')(...looked);
    const [{ page, settled }] = looked;
    const href = await page.locator('.table tbody a').first().getAttribute('href');
    const row = /[?&]row=(?:%22)?(\d+)/.exec(href ?? '')?.[1] ?? '';
    await asPerson(`/portal/logs/${row}`)(...looked);
    await settled();
  },
  { who: 'person' },
);

const screens: Readonly<Record<string, Open>> = {
  'portal-sign-in': at('/portal/sign-in'),
  'portal-home': asPerson('/portal'),
  'portal-top-up': asPerson('/portal/top-up'),
  'portal-billing': asPerson('/portal/billing'),
  'portal-keys': asPerson('/portal/keys'),
  'portal-connect': asPerson('/portal/connect'),
  'portal-usage': asPerson('/portal/usage'),
  'portal-logs': asPerson('/portal/logs'),
  'portal-call': explained,
  'portal-models': asPerson('/portal/models'),
  'admin-overview': asAdmin('/admin?days=7'),
  'admin-users': asAdmin('/admin/users'),
  'admin-channels': asAdmin('/admin/channels'),
  'admin-prices': asAdmin('/admin/prices'),
  'admin-verify': asAdmin('/admin/ledger/verify'),
  'admin-acts': asAdmin('/admin/acts'),
  'admin-logs': asAdmin('/admin/logs'),
};

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

/** The id that a self-registered person has for the external API. */
async function idOfPerson(admin: AsAdmin): Promise<string> {
  const { users } = (await admin('GET', `/users?q=${PERSON.username}`)) as {
    users: readonly { external_user_id: string }[];
  };
  const [{ external_user_id: id } = { external_user_id: '' }] = users;
  return id;
}

async function photograph(browser: Browser, url: string, name: string, open: Open): Promise<void> {
  for (const language of ['en', 'zh'] as const) {
    const choice = { language, theme: 'light' } as const;
    const { watched, faults } = await pageOf(browser, url, open.who, choice, [401]);
    await watched.page.setViewportSize(SIZE);
    await watched.page.mouse.move(0, 0);
    await open(watched, choice);
    for (const theme of ['light', 'dark'] as const) {
      await watched.page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
      await watched.page.screenshot({ path: join(FOLDER, `${name}.${language}.${theme}.png`) });
    }
    if (faults().length > 0) throw new Error(`${name}: ${faults().join('\n')}`);
  }
}

/** Without them the letters are those of whatever machine this is, and Chinese is boxes. */
function needFonts(): void {
  const families = execFileSync('fc-list', [':', 'family'], { encoding: 'utf8' });
  for (const [family, debian] of [
    ['Liberation Sans', 'fonts-liberation'],
    ['Noto Sans CJK SC', 'fonts-noto-cjk'],
  ] as const)
    if (!families.includes(family))
      throw new Error(`The pictures need ${family}. Debian and Ubuntu: sudo apt-get install -y ${debian}.`);
}

const wanted = process.argv.slice(2);
needFonts();
const folder = await mkdtemp(join(tmpdir(), 'counterfoil-screens-'));
// Where root runs this, PostgreSQL runs as somebody else, who must be able to enter.
await chmod(folder, 0o755);
const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
const pool = createPool({ connectionString: postgres.url, max: 1, applicationName: 'screens' });
await migrate(pool);
const clock = await LedgerClock.in(pool, join(folder, 'clock.json'));
await clock.setBack(DAYS * 24);
const upstream = await TellingUpstream.open();
const ledger = { DATA_DIR: join(folder, 'data'), DATABASE_URL: postgres.url };
const service = new ServiceProcess(
  {
    ...ledger,
    BOOTSTRAP_FILE: await bootstrapIn(folder, upstream.port),
    SERVICE_KEYS: SERVICE_KEY,
    LEDGER_TIMEZONE: ZONE,
    TEST_PAYMENTS: 'on',
    ...clock.environment,
  },
  clock.nodeOptions,
);
let browser: Browser | undefined;
try {
  const url = await service.ready();
  makeAdmin(ledger, clock);
  const then = await signInAdmin(url);
  await registerPerson(url, then);
  await live({ url, clock, personId: await idOfPerson(then) });
  await work(await signInAdmin(url));
  browser = await openBrowser();
  await mkdir(FOLDER, { recursive: true });
  for (const [name, open] of Object.entries(screens))
    if (wanted.length === 0 || wanted.some((begin) => name.startsWith(begin)))
      await photograph(browser, url, name, open);
} finally {
  await browser?.close();
  await service.stop();
  upstream.close();
  await pool.end();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
