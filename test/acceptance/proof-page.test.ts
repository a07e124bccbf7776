import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { anchorsSchema } from '../../src/compose/anchors-file.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/postgres/embedded.js';
import { createPool } from '../../src/postgres/pool.js';
import { privateKeyOf, verifierText } from '../../src/transparency/note-keys.js';
import { checkpointText } from '../../src/transparency/checkpoint.js';
import { bundleOf, entriesOf } from '../../src/transparency/entry-bundle.js';
import { hashLeaf } from '../../src/transparency/hashing.js';
import { createSigner, noteText } from '../../src/transparency/signed-note.js';
import { logOf } from '../transparency/support/trees.js';
import { eventually } from '../support/eventually.js';
import { ensureProgram } from '../support/programs.js';
import { blocksOf, sectionBelow } from './support/guide.js';

// docs/proof.md on the demo's data, command by command, with the library of Go and nothing of ours where it says so.

const EVENTS = 14;
const PATIENCE = { timeoutMs: 240_000, intervalMs: 200 };

let folder: string;
let page: string;
let url: string;
let demo: ReturnType<typeof startDemo> | undefined;
let server: EmbeddedPostgres | undefined;

beforeAll(async () => {
  await ensureProgram('go', { debian: 'golang-go golang-golang-x-mod-dev', brew: 'go' }, 'version');
  page = await readFile('docs/proof.md', 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-proof-'));
  // Where root runs the tests, PostgreSQL runs as somebody else, who must be able to enter.
  await chmod(folder, 0o755);
  await cp('docs/transparency', folder, { recursive: true });
  await writeFile(
    join(folder, 'counterfoil'),
    `#!/bin/sh\nexec ${process.execPath} ${resolve('dist/cli/main.js')} "$@"\n`,
    { mode: 0o755 },
  );
  demo = startDemo();
  url = await demo.url();
}, 300_000);

afterAll(async () => {
  await demo?.stop();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
}, 120_000);

const environment = () => ({
  PATH: `${folder}:${process.env.PATH}`,
  HOME: process.env.HOME,
  GOCACHE: join(folder, 'go'),
  DATA_DIR: join(folder, 'demo'),
});

function startDemo() {
  const child = spawn(join(folder, 'counterfoil'), ['demo', '--keep', 'demo', '--stay'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    /** When all that the story wrote is signed. */
    url: async (): Promise<string> => {
      await eventually(() => expect(output).toContain('It runs until Ctrl+C.'), PATIENCE);
      const [, at = ''] = /^Listening on (\S+)\.$/m.exec(output) ?? [];
      await signed(at, EVENTS);
      return at;
    },
    stop: async (): Promise<void> => {
      if (child.exitCode !== null) return;
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}

const run = (
  command: string,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> =>
  new Promise((answered) =>
    execFile('sh', ['-c', command], { cwd: folder, env: environment() }, (error, stdout, stderr) =>
      answered({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  );

/** What is another each time is not compared: ids, hashes, keys, times. */
const masked = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/\+[0-9a-f]{8}\b/g, '+KEY')
    .replaceAll(/[A-Za-z0-9+/]{43}=/g, 'HASH')
    .trimEnd();

/** Commands behind `$`, each with what the page says that it prints. */
const dialogues = (section: string) =>
  blocksOf(section, '').flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [command = '', ...shown] = part.split('\n');
        return { command, shown: shown.join('\n') };
      }),
  );

/** When as many events are signed. */
const signed = (at: string, events: number) =>
  eventually(async () => {
    const checkpoint = await (await fetch(`${at}/transparency/checkpoint`)).text();
    expect(checkpoint.split('\n')[1]).toBe(String(events));
  }, PATIENCE);

async function follow(section: string): Promise<number> {
  const steps = dialogues(section);
  for (const { command, shown } of steps) {
    const { code, stdout, stderr } = await run(command);
    const wanted = shown.startsWith('FAILED') ? 1 : 0;
    expect({ command, code, stdout: masked(stdout), ...(code !== wanted && { stderr }) }).toEqual({
      ...{ command, code: wanted, stdout: masked(shown) },
    });
  }
  return steps.length;
}

/** A key of the ledger's, in the hands of who writes history anew. */
const OWN = createSigner('ledger.example/transparency', privateKeyOf(Buffer.alloc(32, 5)));

/** A log of those entries as its files, signed. */
async function signAnew(name: string, entries: readonly Buffer[]): Promise<void> {
  const { root } = logOf(entries.map((entry) => hashLeaf(entry)));
  const text = checkpointText({ origin: OWN.key.name, size: entries.length, root });
  await mkdir(join(folder, name, 'tile', 'entries', '000.p'), { recursive: true });
  await writeFile(join(folder, name, 'tile', 'entries', '000.p', `${entries.length}`), bundleOf(entries));
  await writeFile(join(folder, name, 'checkpoint'), noteText({ text, signatures: [OWN.sign(text)] }));
}

describe('the page of proofs, command by command', () => {
  it('shows a user what a receipt and a proof of a balance say', async () => {
    expect(await follow(sectionBelow(page, 'For a user'))).toBe(2);
  }, 300_000);

  it("gives an auditor a day with others' tools: OK, and a named failure after each tampering", async () => {
    const section = sectionBelow(page, 'For an auditor');
    expect(await follow(section)).toBeGreaterThan(20);
    const [monitor = ''] = blocksOf(section, 'sh');
    const key = (await readFile(join(folder, 'key.txt'), 'utf8')).trim();
    const asked = monitor
      .replace('https://ledger.example.com', url)
      .replace(/'ledger\.example\.com[^']*'/, `'${key}'`);
    expect(await run(asked)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^OK\n/) });
    expect(await run(asked)).toMatchObject({ stdout: expect.stringContaining(`${EVENTS} before`) });
  }, 300_000);

  it('gives who kept a checkpoint a named failure where history was written anew, and signed again with the key of the ledger', async () => {
    const entries = entriesOf(await readFile(join(folder, 'log', 'tile', 'entries', '000.p', `${EVENTS}`)));
    const forged = (entry: Buffer | undefined) =>
      Buffer.from(String(entry).replace(/.{43}=\n$/, `${'A'.repeat(43)}=\n`));
    const [older = Buffer.alloc(0), newer = Buffer.alloc(0)] = entries.slice(7, 9);
    const grown = [...entries, forged(newer)];
    const vkey = verifierText(OWN.key);
    await signAnew('kept', entries);
    const another = `FAILED: its first ${EVENTS} entries are not those that they were\n`;
    for (const [what, changed, end] of [
      ['went on', grown, `OK: it goes on from the ${EVENTS} entries that it had\n`],
      ['a payment is raised', grown.with(8, forged(newer)), another],
      [
        'an event is back-dated',
        grown.with(8, Buffer.from(newer.toString().replace(/202\d-/, '2019-'))),
        another,
      ],
      ['an event is deleted, and the rest renumbered', grown.toSpliced(8, 1), another],
      ['two events are swapped', grown.with(7, newer).with(8, older), another],
      ['an event is put in', grown.toSpliced(8, 0, forged(newer)), another],
      [
        'the end is cut off',
        entries.slice(0, -1),
        `FAILED: it had ${EVENTS} entries, and has ${EVENTS - 1}\n`,
      ],
    ] as const) {
      await signAnew('anew', changed);
      const { code, stdout } = await run(`./check log anew '${vkey}' kept/checkpoint`);
      const whole = `OK: ${changed.length} entries of ${OWN.key.name} come to HASH\n`;
      const ended = { what, code: end.startsWith('OK') ? 0 : 1, stdout: `${whole}${end}`.trimEnd() };
      expect({ what, code, stdout: masked(stdout) }).toEqual(ended);
    }
  }, 300_000);

  it("gives a finance person a month's end: one figure with a signed root, and what to keep", async () => {
    // Its last part is done with the auditor's program, which is there by now.
    const [closing = '', kept = '', later = ''] = blocksOf(sectionBelow(page, 'For a finance person'), '');
    const block = (text: string) => `\`\`\`\n${text}\n\`\`\`\n`;
    expect(await follow(block(closing))).toBe(3);
    await signed(url, EVENTS + 1);
    expect(await follow(block(kept) + block(later))).toBe(4);
  }, 300_000);

  it('gives an operator a file of anchors, a log that is put right, and another beginning', async () => {
    const section = sectionBelow(page, 'For an operator');
    const [anchors = ''] = blocksOf(section, 'yaml');
    const { key } = createSigner('witness.example', privateKeyOf(Buffer.alloc(32, 3)), 'cosignature');
    const named = parse(anchors.replace('witness.example+…', verifierText(key))) as unknown;
    expect(anchorsSchema.parse(named).anchors).toHaveLength(6);

    const [putRight = '', beginAnew = ''] = blocksOf(section, 'sh');
    const backup = join(folder, 'backup');
    expect(await run(`counterfoil backup ${backup}`)).toMatchObject({ code: 0 });
    await demo?.stop();
    server = await startEmbeddedPostgres({ dataDir: join(folder, 'demo', 'postgres') });
    const pool = createPool({ connectionString: server.url, max: 1, applicationName: 'test' });
    await pool.query(
      `BEGIN; SET LOCAL session_replication_role = replica;
       UPDATE events SET data = replace(data::text, '68.49', '6849')::json WHERE type LIKE 'payment-credited%'; COMMIT`,
    );
    await pool.end();
    expect(await run('counterfoil transparency check')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('something was changed where it stands'),
    });
    expect(await run(putRight.replaceAll('/backup/counterfoil', backup))).toMatchObject({ code: 0 });
    expect(await run('counterfoil verify')).toMatchObject({ code: 0 });
    expect(await run(beginAnew)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('ledger.example.com/transparency-2+'),
    });
  }, 300_000);
});
