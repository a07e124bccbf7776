import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureRedisServer } from '../support/redis-install.js';
import { broken, build } from './build/build.js';
import { mutationOf, mutations } from './build/mutations.js';
import { buildOld, findOldRevision } from './build/old-build.js';
import { invariants } from './check/invariants.js';
import { Keeper } from './cluster/keeper.js';
import { PostgresServer } from './cluster/postgres.js';
import { printCanaries, runCanaries } from './canaries.js';
import { makePlan, partOf, type Plan } from './plan/plan.js';
import { printReport, type Report, reportOf } from './report.js';
import { runRound, type RoundResult } from './run/round.js';
import { shrinkFailure } from './shrink-failure.js';

const USAGE = `npm run torture -- [--seed S] [--minutes M] [--json FILE] [--plan] [--keep] [--break NAME]
               [--log eventstoredb|postgres] [--only KIND,KIND] [--leases] [--power] [--round N [--faults 0,4,7]] [--shrink]
       npm run torture -- --canaries [--break NAME] [--healthy] [--seed S] [--json FILE]

  --seed     of the workload and the faults; the same seed gives the same plan (default: drawn)
  --minutes  how long there is work and there are faults, without starting, resting and checking (default 1)
  --json     writes the report as JSON as well
  --break    breaks the build on purpose: ${mutations.map(({ name }) => name).join(', ')}
  --canaries breaks it in each of these ways, with a short plan that is aimed at it; passed are those that are caught
  --healthy  the same plans on the build as it is: passed are those that nothing breaks
  --log      where the log of every round is; by default the two take turns
  --only     faults of these kinds alone, as a report names them
  --leases   relays take leases of holds for busy keys (HOLD_LEASES=on)
  --power    puts PostgreSQL on a disk that loses what was not synced, and cuts its power (root and /dev/fuse)
  --round    only this round of the plan, counted from 1; --faults only these of its faults, counted from 0, or none
  --shrink   after a failure, looks for fewer faults under which the same invariant breaks, and says how to run them again
  --plan     prints the plan and does nothing
  --keep     leaves the folder of the run, with the logs of all processes; it stays after a failure in any case`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string' },
    json: { type: 'string' },
    log: { type: 'string' },
    only: { type: 'string' },
    leases: { type: 'boolean' },
    power: { type: 'boolean' },
    round: { type: 'string' },
    faults: { type: 'string' },
    shrink: { type: 'boolean' },
    plan: { type: 'boolean' },
    keep: { type: 'boolean' },
    break: { type: 'string' },
    canaries: { type: 'boolean' },
    healthy: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

process.exitCode = values.help ? (console.log(USAGE), 0) : await main();

async function main(): Promise<number> {
  const minutes = Number(values.minutes ?? '1');
  if (!(minutes > 0)) throw new Error('--minutes is a number above 0');
  const { log } = values;
  if (log !== undefined && log !== 'eventstoredb' && log !== 'postgres')
    throw new Error('--log is eventstoredb or postgres');
  const whole = makePlan(values.seed ?? String(Math.floor(Math.random() * 1e9)), minutes, {
    withPowerCuts: values.power === true,
    log,
    hasLeases: values.leases,
    only: values.only?.split(','),
  });
  const plan = { ...whole, rounds: partOf(whole.rounds, values) };
  console.log(`seed ${plan.seed}, plan ${plan.digest}`);
  if (values.plan) {
    for (const { store, faults } of plan.rounds) console.log(JSON.stringify({ store, faults }, undefined, 1));
    return 0;
  }
  await ensureRedisServer();
  const keeper = new Keeper();
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-torture-'));
  keeper.folder(folder);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  let failed: number | undefined;
  try {
    failed = await (values.canaries
      ? canaries(plan.seed, folder, keeper)
      : torture(plan, minutes, folder, keeper));
    return failed === 0 ? 0 : 1;
  } finally {
    if (values.keep || failed !== 0) {
      keeper.keepFolders();
      console.error(`what every process said is in ${folder}`);
    } else await rm(folder, { recursive: true, force: true });
    await keeper.close();
  }
}

async function canaries(seed: string, folder: string, keeper: Keeper): Promise<number> {
  const healthy = values.healthy === true;
  const results = await runCanaries({
    folder,
    keeper,
    seed,
    say: (line) => console.log(line),
    healthy,
    only: values.break,
  });
  if (values.json) await writeFile(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
  console.log(`\n${printCanaries(results, healthy)}`);
  return results.filter(({ caught }) => caught === healthy).length;
}

async function torture(plan: Plan, minutes: number, folder: string, keeper: Keeper): Promise<number> {
  const { report, shorter } = await run(plan, minutes, folder, keeper);
  if (values.json) await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  console.log(`\n${shorter}${printReport(report)}`);
  return report.failed;
}

interface Run {
  readonly report: Report;
  /** About a shorter plan that fails as well, where one was looked for. */
  readonly shorter: string;
}

async function run(plan: Plan, minutes: number, folder: string, keeper: Keeper): Promise<Run> {
  const mutation = values.break === undefined ? undefined : mutationOf(values.break);
  const revision = await findOldRevision();
  const [sound, oldBuild, postgres] = await Promise.all([
    build('the working tree', join(folder, 'build'), mutation && { mutations: [mutation] }),
    revision && buildOld(revision, join(folder, 'old')),
    PostgresServer.start(folder, keeper, values.power === true),
  ]);
  const present = mutation ? broken(sound, mutation) : sound;
  const world = { folder, postgres, keeper, build: present, oldBuild: oldBuild || undefined, invariants };
  const rounds: RoundResult[] = [];
  let shorter = '';
  const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)}  ${line}`);
  try {
    for (const round of plan.rounds) {
      const result = await runRound({ ...world, say }, round);
      rounds.push(result);
      const failed = result.verdicts.filter(({ failures }) => failures.length > 0);
      console.log(
        `round ${round.index + 1}: ${result.verdicts.length - failed.length} passed, ${failed.length} failed`,
      );
    }
    const failed = rounds.find(({ verdicts }) => verdicts.some(({ failures }) => failures.length > 0));
    if (failed && values.shrink)
      shorter = `${await shrinkFailure({ ...world, say }, { seed: plan.seed, minutes }, failed)}\n\n`;
  } finally {
    await postgres.stop().catch(() => undefined);
  }
  const name = oldBuild ? `${present.name}, beside it ${oldBuild.name}` : present.name;
  return { report: reportOf(plan, minutes, name, rounds), shorter };
}
