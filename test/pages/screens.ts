import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { parse } from 'yaml';
import type { AsAdmin } from '../acceptance/support/operator.js';
import { ServiceProcess } from '../support/service-process.js';
import { openBrowser, watch } from './support/browser.js';
import { asPerson, registerPerson } from './support/people.js';
import { at, type Open } from './support/visit.js';

// `npm run screens`: pictures of the main pages of a real service, light and dark, in both languages, for README and docs.

const FOLDER = 'docs/screens';
const SIZE = { width: 1280, height: 800 };
const ADMIN = { name: 'root', password: 'correct horse battery' };

const screens: Readonly<Record<string, Open>> = {
  'portal-sign-in': at('/portal/sign-in'),
  'portal-models': at('/portal/models?q=claude'),
  'portal-settings': asPerson('/portal/settings'),
};

/** The sample's prices, and a channel that serves their models: nothing is called. */
async function bootstrapIn(folder: string): Promise<string> {
  const { prices } = parse(await readFile('samples/bootstrap.yaml', 'utf8')) as {
    prices: readonly { model: string }[];
  };
  const models = prices.map(({ model }) => model);
  const channel = { name: 'Main', base_url: 'http://127.0.0.1:9/v1', api_key: 'no-key', models };
  const file = join(folder, 'bootstrap.json');
  await writeFile(file, JSON.stringify({ prices, channels: [channel] }));
  return file;
}

/** The first admin, made at the machine, and a way to ask as them. */
async function firstAdmin(url: string, dataFolder: string): Promise<AsAdmin> {
  execFileSync(process.execPath, ['dist/cli/main.js', 'operator', 'create', ADMIN.name, '--role', 'admin'], {
    input: `${ADMIN.password}\n`,
    env: { ...process.env, DATA_DIR: dataFolder },
  });
  const ask = async (method: string, path: string, body?: object, token = '') => {
    const reply = await fetch(`${url}/api/admin${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
    return ((await reply.json()) as { data: { token: string } }).data;
  };
  const { token } = await ask('POST', '/login', ADMIN);
  return (method, path, body) => ask(method, path, body, token);
}

async function photograph(browser: Browser, url: string, name: string, open: Open): Promise<void> {
  for (const language of ['en', 'zh'] as const)
    for (const theme of ['light', 'dark'] as const) {
      const watched = await watch(browser, url, { language, theme }, [401]);
      const page: Page = watched.page;
      await page.setViewportSize(SIZE);
      await open(watched, { language, theme });
      await page.screenshot({ path: join(FOLDER, `${name}.${language}.${theme}.png`) });
      await watched.context.close();
      if (watched.faults.length > 0) throw new Error(`${name}: ${watched.faults.join('\n')}`);
    }
}

const folder = await mkdtemp(join(tmpdir(), 'counterfoil-screens-'));
// Where root runs this, PostgreSQL runs as somebody else, who must be able to enter.
await chmod(folder, 0o755);
const DATA_DIR = join(folder, 'data');
const service = new ServiceProcess({ DATA_DIR, BOOTSTRAP_FILE: await bootstrapIn(folder) });
let browser: Browser | undefined;
try {
  const url = await service.ready();
  browser = await openBrowser();
  await registerPerson(url, await firstAdmin(url, DATA_DIR));
  await mkdir(FOLDER, { recursive: true });
  for (const [name, open] of Object.entries(screens)) await photograph(browser, url, name, open);
} finally {
  await browser?.close();
  await service.stop();
  await rm(folder, { recursive: true, force: true });
}
