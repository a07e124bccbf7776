import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Moment } from '../../books/audit/balance.js';
import { instantOf } from '../../books/audit/moment.js';
import { reportBalance } from '../audit/balance-report.js';
import { reportChange } from '../audit/change-report.js';
import { historyKinds } from '../../books/audit/history.js';
import { reportDiff } from '../audit/diff-report.js';
import { reportExplanations } from '../audit/explain-report.js';
import { reportStatement, statementCsv } from '../audit/statement-report.js';
import { parsePosition, withAudit } from '../audit/with-audit.js';
import { createContext } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { toJson } from '../output.js';

/** `counterfoil balance|explain|statement|diff|history`: questions of auditors. Nothing is written. */
export function addAuditCommands(program: Command): void {
  addBalance(program);
  addExplain(program);
  addStatement(program);
  addDiff(program);
  addHistory(program);
}

function addHistory(program: Command): void {
  program
    .command('history <kind> [id]')
    .description(`show every change of a thing with before and after: ${historyKinds.join(', ')}`)
    .option('--json', 'print JSON')
    .action(async (kind: string, id: string | undefined, { json }: { json?: boolean }) => {
      const known = historyKinds.find((each) => each === kind);
      if (!known) throw new UsageError(`${kind} is none of ${historyKinds.join(', ')}`);
      const context = createContext();
      await withAudit(context, async (audit) => {
        const changes = await audit.history(known, id ?? '');
        context.terminal.out(json ? toJson(changes) : changes.map(reportChange).join('\n'));
      });
    });
}

function addBalance(program: Command): void {
  program
    .command('balance <external_user_id>')
    .description('show a balance, now or at any time or position of the log')
    .addOption(
      new Option(
        '--as-of <day|time>',
        'a day (its end) or a time in ISO 8601, in LEDGER_TIMEZONE without an offset',
      ).conflicts('atPosition'),
    )
    .option('--at-position <position>', 'up to and including this position of the log', parsePosition)
    .option('--json', 'print JSON')
    .action(async (user: string, options: { asOf?: string; atPosition?: bigint; json?: boolean }) => {
      const context = createContext();
      const { terminal } = context;
      const moment = momentOf(options, context.config.timezone);
      await withAudit(context, async (audit, seesHolds) => {
        const view = await audit.balance(user, moment);
        if (moment === 'now' && !seesHolds)
          terminal.err('Without REDIS_URL open holds are in the memory of the service and are not shown.');
        terminal.out(options.json ? toJson(view) : reportBalance(view));
      });
    });
}

function momentOf({ asOf, atPosition }: { asOf?: string; atPosition?: bigint }, timeZone: string): Moment {
  if (atPosition !== undefined) return { position: atPosition };
  if (asOf === undefined) return 'now';
  const at = instantOf(asOf, timeZone);
  if (!at)
    throw new UsageError(
      '--as-of: a day is written as 2026-11-30, a time as 2026-11-30T23:59:59, or with Z or an offset',
    );
  return { at };
}

function addExplain(program: Command): void {
  program
    .command('explain <id>')
    .description('show the chain behind a call, request, payment, refund or adjustment, computed again')
    .option('--json', 'print JSON')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const context = createContext();
      await withAudit(context, async (audit) => {
        const view = await audit.explain(id);
        context.terminal.out(json ? toJson(view) : reportExplanations(view));
      });
    });
}

function addStatement(program: Command): void {
  program
    .command('statement <external_user_id>')
    .description('show a month of a user: opening, movements, closing')
    .requiredOption('--month <month>', 'as 2026-11, in LEDGER_TIMEZONE')
    .addOption(new Option('--format <format>', 'how').choices(['table', 'csv', 'json']).default('table'))
    .action(async (user: string, { month, format }: { month: string; format: string }) => {
      const context = createContext();
      await withAudit(context, async (audit) => {
        const statement = await audit.statement(user, month);
        const write = { json: toJson, csv: statementCsv, table: reportStatement }[format] ?? reportStatement;
        context.terminal.out(write(statement).trimEnd());
      });
    });
}

function addDiff(program: Command): void {
  program
    .command('diff')
    .description('show what changed between two positions of the log, by account')
    .requiredOption('--from <position>', 'after this position; -1 is before the first event', parsePosition)
    .requiredOption('--to <position>', 'up to and including this one', parsePosition)
    .option('--max-events <count>', 'refuse longer ranges', wholeNumber, 10_000_000)
    .option('--json', 'print JSON')
    .action(async (options: { from: bigint; to: bigint; maxEvents: number; json?: boolean }) => {
      const context = createContext();
      await withAudit(context, async (audit) => {
        const view = await audit.diff(options.from, options.to, options);
        context.terminal.out(options.json ? toJson(view) : reportDiff(view));
      });
    });
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a count is a whole number from 1');
  return Number(text);
}
