// Real clients from npm, each in a loop of tools on an upstream of another dialect, and whether the books add up afterwards.
// npm run clients -- [--only claude-code,codex] [--turns 20] [--installed <folder>] [--verbose]
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { markdownTable } from '../../bench/support/markdown.js';
import { balanceOf, createCustomer } from '../acceptance/support/clients.js';
import { eventually } from '../support/eventually.js';
import { type LibrarySession, librarySessions } from './library-sessions.js';
import { type Relay, startRelay } from './relay.js';
import { startLoopbackProxy } from './loopback-proxy.js';
import { run } from './run.js';
import {
  CHARGE_AN_ANSWER,
  LAST_WORDS,
  type ScriptedUpstream,
  startScriptedUpstream,
} from './scripted-upstream.js';
import { type Session, sessions } from './sessions.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    turns: { type: 'string', default: '20' },
    installed: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
const turns = Number(values.turns);
const PROMPT = 'Read all notes of this folder one by one, and say when all have been read.';
const AGAIN = 'Were there any notes that surprised you?';
const INSTALL = ['install', '--no-audit', '--no-fund', '--engine-strict=false'];
const wanted = values.only?.split(',');
const isWanted = ({ name }: { readonly name: string }) =>
  !wanted || wanted.some((each) => name.startsWith(each));
const chosen: readonly (Session | LibrarySession)[] = [...sessions, ...librarySessions].filter(isWanted);

const folder = await mkdtemp(join(tmpdir(), 'counterfoil-clients-'));
const homeOf = (name: string) => join(folder, name);
const noteOf = (name: string) => (turn: number) => join(homeOf(name), `note-${turn}.txt`);
const said = (name: string, turn: number) => `what note ${turn} of ${name} says`;

const upstreams = new Map<string, ScriptedUpstream>();
const proxy = await startLoopbackProxy();
let relay: Relay | undefined;
const rows: string[][] = [];
let failures = 0;
try {
  const installed = values.installed ?? (await install(folder));
  for (const { name, protocol, isBedrock = false } of chosen)
    upstreams.set(name, await startScriptedUpstream({ protocol, isBedrock, turns, note: noteOf(name) }));
  relay = await startRelay(chosen.map(channelOf));
  for (const session of chosen) rows.push(await play(session, installed, relay));
  const drift = await relay.verify();
  console.log(
    markdownTable(
      ['session', 'upstream', 'answers', 'results', 'charged', 'owed', 'seconds', 'outcome'],
      rows,
    ),
  );
  console.log(drift.length === 0 ? '\nThe books are in order.' : `\nDrift: ${JSON.stringify(drift)}`);
  const elsewhere = [...proxy.refused].sort().join(', ');
  console.log(`Asked for elsewhere, and not had: ${elsewhere || 'nothing'}.`);
  failures += drift.length;
} finally {
  await relay?.close();
  await proxy.close();
  for (const upstream of upstreams.values()) await upstream.close();
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;

async function install(into: string): Promise<string> {
  const packages = [...new Set(chosen.flatMap((session) => ('start' in session ? session.packages : [])))];
  await writeFile(join(into, 'package.json'), '{"private":true}');
  if (packages.length > 0)
    // What npm run was told of this package holds for what it starts; some clients name a newer Node than they need.
    await promisify(execFile)('npm', [...INSTALL, ...packages], { cwd: into });
  return into;
}

function channelOf({ name, protocol, isBedrock }: Pick<Session, 'name' | 'protocol' | 'isBedrock'>) {
  const { url } = upstreams.get(name) as ScriptedUpstream;
  const conversion = {
    from: ['messages', 'chat', 'responses', 'generate'].filter((each) => each !== protocol),
  };
  const common = { name, models: [name], conversion };
  if (isBedrock)
    return {
      ...common,
      type: 'bedrock',
      base_url: url,
      region: 'eu-central-1',
      api_key: 'AKIDTEST|test-secret',
    };
  return { ...common, base_url: url, endpoints: { [protocol]: `${url}/v1` }, api_key: 'upstream-key' };
}

/** A second start that goes on with the first one's conversation: what is wrong with it. */
async function resumed(session: Session, installed: string, url: string, key: string): Promise<string[]> {
  const { name, resume } = session;
  const place = { url, key, model: name, prompt: AGAIN, folder: homeOf(name) };
  const { code, output } = await run(session, installed, proxy.url, place, resume);
  const asked = (upstreams.get(name) as ScriptedUpstream).lastBody();
  const faults = [
    ...(code === 0 ? [] : [`resumed, ended with ${code}`]),
    ...(asked.includes(AGAIN) ? [] : ['resumed, did not ask']),
    // What clients keep of thoughts is the relay's own, which providers answer 400 to.
    ...(!asked.includes('cf1.') ? [] : ['resumed, told upstream of our proofs']),
  ];
  if (faults.length > 0) console.error(`\n== ${name}, resumed\n${output.slice(-4_000)}`);
  return faults;
}

async function play(session: Session | LibrarySession, installed: string, { url }: Relay): Promise<string[]> {
  const { name, protocol } = session;
  await mkdir(homeOf(name));
  for (let turn = 1; turn <= turns; turn++) await writeFile(noteOf(name)(turn), said(name, turn));
  const customer = await createCustomer(url, 10);
  const before = await balanceOf(url, customer);
  const startedMs = performance.now();
  const ran =
    'start' in session
      ? await run(session, installed, proxy.url, {
          url,
          key: customer.accessKey,
          model: name,
          prompt: PROMPT,
          folder: homeOf(name),
        })
      : { code: 0, output: await session.converse(url, customer.accessKey, name) };
  const again =
    'resume' in session && ran.code === 0 ? await resumed(session, installed, url, customer.accessKey) : [];
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
  const upstream = upstreams.get(name) as ScriptedUpstream;
  const owed = upstream.answered() * CHARGE_AN_ANSWER;
  let charged = 0;
  await eventually(async () => (charged = before - (await balanceOf(url, customer))) === owed).catch(
    () => false,
  );
  const lost = Array.from({ length: turns }, (_, at) => at + 1).filter(
    (turn) => !upstream.lastBody().includes(said(name, turn)),
  );
  const faults = [
    ...(ran.code === 0 ? [] : [`ended with ${ran.code}`]),
    ...(ran.output.includes(LAST_WORDS) ? [] : ['did not say the last words']),
    ...(upstream.results() === turns ? [] : [`${upstream.results()} results`]),
    ...(lost.length === 0 ? [] : [`notes ${lost.join(' ')} never came back`]),
    ...again,
    ...(charged === owed ? [] : ['charged otherwise than owed']),
  ];
  failures += faults.length;
  if (faults.length > 0 || values.verbose) console.error(`\n== ${name}\n${ran.output.slice(-4_000)}`);
  const figures = [upstream.answered(), upstream.results(), charged, owed].map(String);
  return [name, session.isBedrock ? 'bedrock' : protocol, ...figures, seconds, faults.join('; ') || 'whole'];
}
