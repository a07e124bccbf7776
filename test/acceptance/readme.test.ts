import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../support/free-port.js';
import { eventually } from '../support/eventually.js';
import { agrees, answersIn, blocksOf, sectionBelow } from './support/guide.js';
import {
  answerJson,
  completion,
  startTestUpstream,
  type TestUpstream,
} from '../relay/support/test-upstream.js';

let folder: string;
let port: number;
let upstream: TestUpstream;
let started: ChildProcess | undefined;
let blocks: readonly string[];
let guide: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-readme-'));
  // Where root runs the tests, PostgreSQL runs as somebody else, who must be able to enter.
  await chmod(folder, 0o755);
  port = await freePort();
  upstream = await startTestUpstream(
    answerJson(completion('hi', { prompt_tokens: 9, completion_tokens: 3 })),
  );
  // Another port than a service of the reader's own may have; apart from that the commands are run as they stand.
  const pageOf = async (path: string) => (await readFile(path, 'utf8')).replaceAll(':3000/', `:${port}/`);
  blocks = blocksOf(sectionBelow(await pageOf('README.md'), 'A first call in five minutes'), 'sh');
  guide = await pageOf('docs/front-end.md');
  await writeFile(join(folder, '.curlrc'), 'write-out = "\\n"\n');
});
afterAll(async () => {
  await stop();
  await upstream.close();
  await rm(folder, { recursive: true, force: true });
});

const environment = () => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  PORT: String(port),
  DATA_DIR: join(folder, 'data'),
  // An answer a line, where a terminal shows the prompt right behind one.
  CURL_HOME: folder,
});

/** In a group of its own, as a terminal has it. */
async function start(command: string): Promise<void> {
  const shell = spawn('sh', ['-c', command], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  started = shell;
  let output = '';
  shell.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await eventually(() => /^\{.*"msg":"ready".*\}$/m.test(output), { timeoutMs: 90_000, intervalMs: 100 });
}

/** The service as both pages have it started; it stays for the next test. */
async function startWithMock(): Promise<void> {
  const [install = ''] = blocks;
  expect(install).toMatch(/^npm ci\n/);
  if (!started) await start(install.replace(/^npm ci\n/, ''));
}

/** Control and C. Nothing is left of it when nobody can write to its pipe any more. */
async function stop(): Promise<void> {
  if (!started) return;
  const { pid, stdout } = started;
  started = undefined;
  if (!stdout || stdout.closed) return;
  const ended = once(stdout, 'close');
  process.kill(-(pid as number), 'SIGINT');
  await ended;
}

async function run(commands: string): Promise<string> {
  const shell = spawn('sh', ['-ec', commands], { env: environment(), stdio: ['ignore', 'pipe', 'ignore'] });
  const [output, [code]] = await Promise.all([text(shell.stdout), once(shell, 'exit')]);
  expect(code).toBe(0);
  return output;
}

/** The answer to the call: its charge, and what the model said. */
const callIn = (output: string) => ({
  charge: Number(/x-counterfoil-charge: (\d+)/i.exec(output)?.[1]),
  said: /"content":"([^"]*)"/.exec(output)?.[1],
});

describe("the README's first call, command by command", () => {
  it('gives a charged answer to somebody with no account anywhere', async () => {
    const [, story = ''] = blocks;
    await startWithMock();
    const output = await run(story);
    expect(callIn(output)).toEqual({
      charge: expect.any(Number),
      said: expect.stringContaining('exactly one charge'),
    });
    expect(callIn(output).charge).toBeGreaterThan(0);
    expect(output).toMatch(/"current_balance":60\b|"current_balance":59\.99/);
  }, 180_000);

  it("and the front ends' guide every answer that it shows", async () => {
    const [install, ...story] = blocksOf(guide, 'sh');
    expect(install).toBe(blocks[0]);
    await startWithMock();
    const output = await run(story.join('\n'));
    const given = answersIn(output);
    const shown = blocksOf(guide, 'json').map((answer) => JSON.parse(answer) as unknown);
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.filter((answer) => !given.some((each) => agrees(answer, each)))).toEqual([]);
    // The second top-up and the second deletion.
    expect(output.match(/^Idempotency-Replayed: true/gim)).toHaveLength(2);
  }, 180_000);

  it('and, with the two lines edited, one of a provider', async () => {
    const [, story = '', copy = '', serve = ''] = blocks;
    await stop();
    const file = join(folder, 'bootstrap.local.yaml');
    const inFolder = (command: string) => command.replaceAll('bootstrap.local.yaml', file);
    await cp('samples', join(folder, 'samples'), { recursive: true });
    await run(inFolder(copy));
    const sample = await readFile(file, 'utf8');
    // The third line: nobody pays for a test.
    const edited = sample
      .replace('api_key: put-your-key-here', 'api_key: sk-mine')
      .replace('enabled: false', 'enabled: true')
      .replace('https://api.openai.com/v1', upstream.url);
    await writeFile(file, edited);
    await start(inFolder(serve));
    const output = await run(
      story.replaceAll('re_1', 're_2').replaceAll('"amount_usd":8.49', '"amount_usd":1'),
    );
    expect(callIn(output)).toEqual({ charge: expect.any(Number), said: 'hi' });
    expect(upstream.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer sk-mine']);
  }, 180_000);
});
