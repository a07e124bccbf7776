import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureRedisServer } from '../support/redis-install.js';
import { build } from './build/build.js';
import { buildOld, findOldRevision } from './build/old-build.js';
import { invariants } from './check/invariants.js';
import { Keeper } from './cluster/keeper.js';
import { PostgresServer } from './cluster/postgres.js';
import { makePlan } from './plan/plan.js';
import { printReport, type Report, reportOf } from './report.js';
import { runRound, type RoundResult } from './run/round.js';

const USAGE = `npm run torture -- [--seed S] [--minutes M] [--json FILE] [--plan] [--keep]

  --seed     of the workload and the faults; the same seed gives the same plan (default: drawn)
  --minutes  how long there is work and there are faults, without starting, resting and checking (default 1)
  --json     writes the report as JSON as well
  --plan     prints the plan and does nothing
  --keep     leaves the folder of the run, with the logs of all processes; it stays after a failure in any case`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string' },
    json: { type: 'string' },
    plan: { type: 'boolean' },
    keep: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

process.exitCode = values.help ? (console.log(USAGE), 0) : await main();

async function main(): Promise<number> {
  const minutes = Number(values.minutes ?? '1');
  if (!(minutes > 0)) throw new Error('--minutes is a number above 0');
  const plan = makePlan(values.seed ?? String(Math.floor(Math.random() * 1e9)), minutes);
  console.log(`seed ${plan.seed}, plan ${plan.digest}`);
  if (values.plan) {
    for (const { store, faults } of plan.rounds) console.log(JSON.stringify({ store, faults }, undefined, 1));
    return 0;
  }
  const keeper = new Keeper();
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-torture-'));
  keeper.folder(folder);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  let report: Report | undefined;
  try {
    report = await run(plan, minutes, folder, keeper);
    console.log(`\n${printReport(report)}`);
    if (values.json) await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
    return report.failed === 0 ? 0 : 1;
  } finally {
    if (values.keep || report?.failed !== 0) {
      keeper.keepFolders();
      console.error(`what every process said is in ${folder}`);
    } else await rm(folder, { recursive: true, force: true });
    await keeper.close();
  }
}

async function run(
  plan: ReturnType<typeof makePlan>,
  minutes: number,
  folder: string,
  keeper: Keeper,
): Promise<Report> {
  await ensureRedisServer();
  const revision = await findOldRevision();
  const [present, oldBuild, postgres] = await Promise.all([
    build('the working tree', join(folder, 'build')),
    revision && buildOld(revision, join(folder, 'old')),
    PostgresServer.start(folder, keeper),
  ]);
  const world = { folder, postgres, keeper, build: present, oldBuild: oldBuild || undefined, invariants };
  const rounds: RoundResult[] = [];
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
  } finally {
    await postgres.stop().catch(() => undefined);
  }
  const name = oldBuild ? `${present.name}, beside it ${oldBuild.name}` : present.name;
  return reportOf(plan, minutes, name, rounds);
}
