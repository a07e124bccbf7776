import { writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { auditLiability } from '../../books/liability/audit-liability.js';
import { proveBalance } from '../../books/liability/balance-proofs.js';
import { closeNow, keepTrees } from '../../books/liability/close-liability.js';
import { commitments, findCommitment } from '../../books/closings/commitments.js';
import { closingParts } from '../../compose/liability.js';
import { transparencyParts } from '../../compose/transparency.js';
import type { Foundation } from '../../compose/ledger.js';
import { checkBalanceProof, type ProvedBalance } from '../../transparency/liability/balance-proof.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { progress, table, toJson } from '../output.js';
import { addTrustOptions, reportChecked, type TrustOptions } from '../transparency-options.js';

const AS_OF = ['--day <day|instant>', 'that was closed; default: the newest'] as const;
const MOST_LISTED = 40;

/** `counterfoil liability list | commit | prove | check | audit` */
export function addLiabilityCommands(program: Command): void {
  const liability = program
    .command('liability')
    .description('what was owed to all accounts at the end of each day, and proofs that a balance is in it');
  addList(liability);
  addCommit(liability);
  addProve(liability);
  addCheck(liability);
  addAudit(liability);
}

function addList(liability: Command): void {
  liability
    .command('list')
    .description(`list what was closed, the newest ${MOST_LISTED} first`)
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const context = createContext();
      await withFoundation(context, async ({ store }) => {
        const rows = [];
        for await (const { as_of, entries, owed, overdrawn } of commitments(store)) {
          if (rows.length === MOST_LISTED) break;
          rows.push({
            as_of,
            entries,
            owed: owed.quota,
            accounts: owed.accounts,
            overdrawn: overdrawn.quota,
            overdrawn_accounts: overdrawn.accounts,
          });
        }
        const columns = ['as_of', 'entries', 'owed', 'accounts', 'overdrawn', 'overdrawn_accounts'] as const;
        context.terminal.out(json ? toJson(rows) : table(columns, rows));
      });
    });
}

function addCommit(liability: Command): void {
  liability
    .command('commit')
    .description('close what the log has now, beside the ends of days: it is signed with the next checkpoint')
    .action(async () => {
      const context = createContext();
      await withFoundation(context, async (foundation) => {
        insistOnSigning(foundation);
        const { asOf, closed } = await closeSoon(foundation);
        if (closed !== 'closed') throw new UsageError(WHY_NOT[closed]);
        context.terminal.out(asOf);
      });
    });
}

/** The tree is moved on every ten seconds. */
const TREE_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 500;

/** Closes what is in the log at this moment, as soon as the tree has it. */
async function closeSoon(foundation: Foundation): ReturnType<typeof closeNow> {
  const least = await foundation.store.head();
  for (const deadlineMs = Date.now() + TREE_WITHIN_MS; ; await wait(LOOK_AGAIN_MS)) {
    const answer = await closeNow(closingParts(foundation), least);
    const isToCome = answer.closed === 'behind' || answer.closed === 'busy';
    if (!isToCome || Date.now() >= deadlineMs) return answer;
  }
}

const WHY_NOT = {
  behind: 'the read models or the tree are behind the log: is a projector running?',
  busy: 'another process is closing at the moment',
  nothing: 'there is nothing to close',
} as const;

function insistOnSigning({ config }: Pick<Foundation, 'config'>): void {
  if (config.transparency.mode === 'off') throw new UsageError('TRANSPARENCY is off: nothing is signed');
}

function addProve(liability: Command): void {
  liability
    .command('prove <external_user_id>')
    .description('write a proof of what a user had, and that it is in what was said to be owed')
    .option(...AS_OF)
    .option('--out <file>', 'instead of printing it')
    .action(async (externalUserId: string, { day, out }: { day?: string; out?: string }) => {
      const context = createContext();
      await withFoundation(context, async (foundation) => {
        insistOnSigning(foundation);
        await keepTrees(closingParts(foundation), day);
        const text = await proveBalance(transparencyParts(foundation), { externalUserId, asOf: day });
        if (out === undefined) context.terminal.out(text.trimEnd());
        else await writeFile(out, text);
      });
    });
}

function addCheck(liability: Command): void {
  addTrustOptions(
    liability
      .command('check <file>')
      .description(
        'check such a proof with nothing but the key of its log: no service, no database, no network',
      ),
  ).action((file: string, options: TrustOptions) => reportChecked(file, options, checkBalanceProof, told));
}

const told = ({ committed, accountId, balance, asOf, timeZone, entries, ...proved }: ProvedBalance): string =>
  [
    `OK: entry ${committed.index} of ${committed.size} of ${committed.origin}`,
    `account ${accountId} had ${balance} at the end of ${asOf} (${timeZone}), after ${entries} entries; entry ${proved.lastIndex} moved it last`,
    `of ${proved.owed} owed to all accounts; ${proved.overdrawn} is overdrawn`,
  ].join('\n');

function addAudit(liability: Command): void {
  liability
    .command('audit')
    .description('fold the log once more, and hold it and the journal against what was closed')
    .option(...AS_OF)
    .option('--json', 'print JSON')
    .action(async ({ day, json }: { day?: string; json?: boolean }) => {
      const context = createContext();
      await withFoundation(context, async (foundation) => {
        const commitment = await findCommitment(foundation.store, day);
        if (!commitment) throw new UsageError('nothing was closed then');
        const shown = progress(context.terminal, 'entries folded');
        const onProgress = (entries: number) => shown.at(entries);
        await auditLiability({ ...transparencyParts(foundation), onProgress }, commitment);
        const { as_of, time_zone, entries, owed, overdrawn } = commitment;
        shown.done(`folded ${entries} entries`);
        const text = `what was closed as of ${as_of} is what the log and the journal come to: ${owed.quota} owed to ${owed.accounts} accounts, ${overdrawn.quota} by ${overdrawn.accounts}`;
        context.terminal.out(json ? toJson({ as_of, time_zone, entries, owed, overdrawn }) : text);
      });
    });
}
