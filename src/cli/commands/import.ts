import type { Command } from 'commander';
import { ledgerProjections } from '../../projections/all-projections.js';
import { installProjections } from '../../projections/runtime/install.js';
import { createContext, withFoundation } from '../context.js';
import { exitCodes, UsageError } from '../exit-codes.js';
import { type ImportPlan, type LeftBehind, planImport } from '../import/new-api/plan.js';
import { readRows, tokenRow, userRow } from '../import/new-api/rows.js';
import { type ImportOutcome, runImport } from '../import/new-api/run.js';
import { commandsBesideService, operatorMeta } from '../operator.js';
import { table } from '../output.js';

interface Options {
  readonly users: string;
  readonly tokens?: string;
  readonly source: string;
  readonly dryRun?: boolean;
  readonly by: string;
}

/** `counterfoil import new-api` */
export function addImportCommands(program: Command): void {
  const group = program
    .command('import')
    .description('bring users, balances and access keys in from another system');
  group
    .command('new-api')
    .description(
      'users, balances and access keys of a New API (one-api) database, from the files of docs/import.md',
    )
    .requiredOption('--users <file>', 'its users, a JSON object a line')
    .option('--tokens <file>', 'its tokens, a JSON object a line: the keys, which stay the same')
    .option('--source <name>', 'of that database: payment ids begin with it', 'new-api')
    .option('--dry-run', 'report, and change nothing')
    .option('--by <name>', 'who moves them: an operator', 'import')
    .action(async (options: Options) => {
      if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(options.source))
        throw new UsageError('--source has up to 40 small letters, digits and dashes');
      const reason = `disabled in ${options.source}`;
      const meta = operatorMeta({ by: options.by, reason });
      const tokens = options.tokens === undefined ? [] : await readRows(options.tokens, tokenRow);
      const nowSeconds = Math.floor(Date.now() / 1000);
      const plan = planImport(await readRows(options.users, userRow), tokens, options.source, nowSeconds);
      const context = createContext();
      if (options.dryRun) {
        context.terminal.out(reportPlan(plan));
        return;
      }
      const outcome = await withFoundation(context, async (foundation) => {
        const { store, database } = foundation;
        // Of a ledger that no service has served yet there are no read models, and a credit asks for the balance.
        await installProjections(database.pool, ledgerProjections);
        return runImport(plan, { store, commands: commandsBesideService(foundation), meta, reason });
      });
      context.terminal.out(reportOutcome(outcome, plan));
      if (outcome.left.length > plan.left.length) process.exitCode = exitCodes.differences;
    });
}

function reportPlan({ users, left, quotaInFile }: ImportPlan): string {
  const openings = users.flatMap(({ opening }) => opening ?? []);
  const quota = openings.reduce((sum, each) => sum + each.quota, 0n);
  const keys = users.reduce((sum, each) => sum + each.keys.length, 0);
  return [
    `${users.length} users, ${openings.length} opening credits, ${keys} access keys; nothing was changed`,
    ...reportSum([['to be credited', quota]], left, quotaInFile),
    ...reportLeft(left),
  ].join('\n');
}

function reportOutcome(outcome: ImportOutcome, { quotaInFile }: ImportPlan): string {
  const { made, known, credited, creditedBefore, keys, keysBefore, left } = outcome;
  return [
    `${made} users made, ${known} there before; ${credited.count} opening credits, ${creditedBefore.count} credited before; ` +
      `${keys} access keys, ${keysBefore} brought before`,
    ...reportSum(
      [
        ['credited', credited.quota],
        ['credited before', creditedBefore.quota],
      ],
      left,
      quotaInFile,
    ),
    ...reportLeft(left),
  ].join('\n');
}

/** Where the quota of the file is now. The sum is added up from the rows of the file, its parts from what became of them. */
function reportSum(
  parts: readonly (readonly [what: string, quota: bigint])[],
  left: readonly LeftBehind[],
  quotaInFile: bigint,
): string[] {
  const leftBehind = left.reduce((sum, { quota = 0n }) => sum + quota, 0n);
  const lines = [...parts, ['left behind', leftBehind] as const, ['in the file', quotaInFile] as const];
  return [
    '',
    table(
      ['balances', 'quota'],
      lines.map(([balances, quota]) => ({ balances, quota })),
    ),
  ];
}

const reportLeft = (left: readonly LeftBehind[]): string[] =>
  left.length === 0
    ? []
    : [
        '',
        'Left behind:',
        '',
        table(
          ['what', 'why'],
          left.map(({ what, why }) => ({ what, why })),
        ),
      ];
