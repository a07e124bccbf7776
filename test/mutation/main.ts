import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../torture/random.js';
import { type Mutant, mutantsOf, mutated } from './mutants.js';
import { rooms } from './rooms.js';

// How many small faults of the money modules the unit tests notice: `npm run mutation -- [--sample N] [--seed S] [--file PART]`. Each mutant
// is a run of the tests of its room in a copy of the repository, so that all of them take an hour; a sample says as much of the score.

const { values } = parseArgs({
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: 'mutation' },
    file: { type: 'string' },
  },
});

const REPOSITORY = resolve(import.meta.dirname, '../..');
const COPIED = ['src', 'test', 'docs', 'samples', 'migrations', 'jest.config.js', 'package.json'];
const WITHIN_MS = 120_000;

interface Candidate {
  readonly mutant: Mutant;
  readonly tests: readonly string[];
}

process.exitCode = await main();

async function main(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-mutation-'));
  try {
    for (const name of COPIED) await cp(join(REPOSITORY, name), join(folder, name), { recursive: true });
    await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
    const all = await candidates();
    const random = new Random(values.seed);
    const chosen = values.sample === undefined ? all : random.shuffle(all).slice(0, Number(values.sample));
    for (const { tests } of rooms)
      if (!(await passes(folder, tests))) throw new Error(`${tests.join(' ')} fails without any mutant`);
    return report(all.length, chosen, await survivorsOf(folder, chosen));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function candidates(): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (const { files, tests } of rooms)
    for (const file of files.filter((each) => each.includes(values.file ?? '')))
      for (const mutant of mutantsOf(file, await readFile(join(REPOSITORY, file), 'utf8')))
        found.push({ mutant, tests });
  return found;
}

async function survivorsOf(folder: string, chosen: readonly Candidate[]): Promise<readonly Mutant[]> {
  const survivors: Mutant[] = [];
  for (const { mutant, tests } of chosen) {
    const path = join(folder, mutant.file);
    const text = await readFile(path, 'utf8');
    await writeFile(path, mutated(text, mutant));
    const survived = await passes(folder, tests);
    await writeFile(path, text);
    console.log(`${survived ? 'SURVIVED' : 'killed  '}  ${told(mutant)}`);
    if (survived) survivors.push(mutant);
  }
  return survivors;
}

function told({ file, line, before, after }: Mutant): string {
  return `${file}:${line}  ${before}  ->  ${after}`;
}

/** A mutant that makes a test run for ever is noticed. */
async function passes(folder: string, tests: readonly string[]): Promise<boolean> {
  const jest = [
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    'unit',
    '--runInBand',
    '--bail',
    '--silent',
  ];
  const child = spawn(process.execPath, [...jest, '--testPathPatterns', ...tests], {
    cwd: folder,
    stdio: 'ignore',
    env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules', NODE_NO_WARNINGS: '1' },
    timeout: WITHIN_MS,
    killSignal: 'SIGKILL',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}

function report(all: number, chosen: readonly Candidate[], survivors: readonly Mutant[]): number {
  const killed = chosen.length - survivors.length;
  console.log(`\n${chosen.length} of ${all} mutants, seed ${values.seed}`);
  for (const survivor of survivors) console.log(`  survived  ${told(survivor)}`);
  console.log(
    `${killed} killed, ${survivors.length} survived: ${((100 * killed) / chosen.length).toFixed(1)} %`,
  );
  return 0;
}
