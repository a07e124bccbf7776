import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { Deployment } from '../acceptance/support/deployment.js';
import { type AsAdmin, signInAdmin } from '../acceptance/support/operator.js';
import { message, text } from '../relay/support/anthropic-shapes.js';
import { finish, usage } from '../relay/support/gemini-shapes.js';
import { startTestUpstream, type TestUpstream } from '../relay/support/test-upstream.js';
import { ensureProgram } from '../support/programs.js';
import { openBrowser, watch, type Watched } from './support/browser.js';
import { asPerson, fund, registerPerson } from './support/people.js';

// What Connect shows, taken from the page and run as it stands, against upstreams of each dialect.

const run = promisify(execFile);
const MODEL = 'by-token';

let deployment: Deployment;
let browser: Browser;
let admin: AsAdmin;
let watched: Watched;
let page: Page;
let url: string;
let upstreams: readonly TestUpstream[];

beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'in-process' });
  [{ url }, browser] = await Promise.all([deployment.start('connect'), openBrowser()]);
  await Promise.all([
    ensureProgram('curl', { debian: 'curl', brew: 'curl' }),
    ensureProgram('python3', { debian: 'python3', brew: 'python' }),
  ]);
  admin = await signInAdmin(deployment, url);
  upstreams = await startUpstreams();
  await registerPerson(url, admin);
  await fund(admin, 10);
  watched = await watch(browser, url, undefined, [401]);
  ({ page } = watched);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await Promise.all((upstreams ?? []).map((upstream) => upstream.close()));
  await deployment?.close();
});

/** One that speaks as Anthropic does and one that speaks as Google does, for the model that the deployment's own serves as OpenAI does. */
async function startUpstreams(): Promise<readonly TestUpstream[]> {
  const answering = (answer: object) =>
    startTestUpstream((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  const anthropic = await answering(message([text('Hello')], { input_tokens: 3, output_tokens: 2 }));
  const gemini = await answering(finish('Hello', usage(3, 2)));
  const channel = (type: string, upstream: TestUpstream) =>
    admin('PUT', `/channels/${type}`, {
      name: type,
      type,
      base_url: upstream.url.replace(/\/v1$/, ''),
      keys: [{ secret: `sk-test-${type}` }],
      models: [MODEL],
      groups: ['default'],
    });
  await channel('anthropic', anthropic);
  await channel('gemini', gemini);
  return [anthropic, gemini];
}

/** The texts that stand on the page for a tool, with the key that this page has made. */
async function textsOf(tool: string): Promise<readonly string[]> {
  await page.getByLabel('Tool', { exact: true }).selectOption(tool);
  await page.getByLabel('Model', { exact: true }).selectOption(MODEL);
  await page.waitForURL(`**tool=${tool}**`);
  return page.locator('.code pre').allInnerTexts();
}

it('a key that was just made is filled in, with one’s own address and a model that may be called', async () => {
  await asPerson('/portal/keys')(watched, { language: 'en', theme: 'light' });
  await page.locator('.page-head').getByRole('button', { name: 'Create key' }).click();
  await page.getByLabel('Name').fill('tools');
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  await page.getByRole('button', { name: 'How to connect' }).click();
  await page.locator('h1', { hasText: 'Connect' }).waitFor();
  const [curl = ''] = await textsOf('curl-openai');
  expect(curl).toContain(`${url}/v1/chat/completions`);
  expect(curl).toContain(`"model":"${MODEL}"`);
  expect(curl).toMatch(/Bearer sk-[\w-]{20,}/);
});

describe('each text runs as it stands', () => {
  it.each(['curl-openai', 'curl-anthropic', 'curl-gemini'])('%s', async (tool) => {
    const [text = ''] = await textsOf(tool);
    const { stdout } = await run('sh', ['-c', `${text} --silent --show-error --fail`]);
    expect(JSON.stringify(JSON.parse(stdout))).toMatch(/Hello|Every answer/);
  });

  it.each(['openai-js', 'anthropic-js', 'gemini-js'])('%s', async (tool) => {
    const [text = ''] = await textsOf(tool);
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', text]);
    expect(stdout).toMatch(/Hello|Every answer/);
  });

  it.each(['openai-python', 'anthropic-python', 'gemini-python'])(
    '%s, as far as it is Python',
    async (tool) => {
      const [text = ''] = await textsOf(tool);
      await run('python3', ['-c', 'import ast, sys; ast.parse(sys.argv[1])', text]);
      expect(text).toContain(url);
    },
  );

  it.each(['claude-code', 'codex', 'open-webui'])(
    '%s, as far as it is a shell’s or a file’s',
    async (tool) => {
      const texts = await textsOf(tool);
      for (const text of texts) {
        if (text.startsWith('{'))
          expect(JSON.parse(text)).toMatchObject({ env: { ANTHROPIC_BASE_URL: url } });
        else if (text.includes('[model_providers'))
          await run('python3', ['-c', 'import sys, tomllib; tomllib.loads(sys.argv[1])', text]);
        else await run('sh', ['-n', '-c', text]);
        expect(text).toMatch(/sk-[\w-]{20,}|wire_api/);
      }
      expect(texts.join('\n')).toContain(url);
    },
  );

  it('the links that open Cherry Studio and CC Switch carry address, key and model', async () => {
    await textsOf('cherry-studio');
    const cherry = new URL((await page.locator('.card-body a.button').getAttribute('href')) ?? '');
    const settings = JSON.parse(atob(cherry.searchParams.get('data') ?? ''));
    expect(settings).toMatchObject({ baseUrl: url, apiKey: expect.stringMatching(/^sk-/) });
    await textsOf('cc-switch');
    const ccSwitch = new URL((await page.locator('.card-body a.button').getAttribute('href')) ?? '');
    expect(Object.fromEntries(ccSwitch.searchParams)).toMatchObject({
      resource: 'provider',
      endpoint: url,
      apiKey: settings.apiKey,
      model: MODEL,
    });
  });
});

describe('a test request', () => {
  it.each(['curl-openai', 'curl-anthropic', 'curl-gemini'])('as %s is answered and charged', async (tool) => {
    await textsOf(tool);
    await page.getByRole('button', { name: 'Send test request' }).click();
    const facts = page.locator('.card', { hasText: 'Does it work?' }).locator('.facts');
    await facts.getByText(/Hello|Every answer/).waitFor();
    expect(await facts.locator('.money').innerText()).toMatch(/^−\$0\.00\d+$/);
  });

  it('says what the relay answered where the key is not let in, and stays signed in', async () => {
    await page.goto(`/portal/connect?tool=curl-openai&model=${MODEL}`);
    await page.getByLabel('Its secret').fill('sk-nobody-has-this-key');
    await page.getByRole('button', { name: 'Send test request' }).click();
    await page.locator('.failure code', { hasText: 'invalid_api_key' }).waitFor();
    expect(await page.locator('dialog[open]').count()).toBe(0);
  });
});

it('has met no error of a script, the policy or the console', () => {
  expect(watched.faults).toEqual([]);
});
