import type { RestoreReport } from '../compose/restore.js';
import { driftOf } from '../books/verify/check.js';
import { table } from './output.js';

/** The charges that files of a spool have, a row each. */
const chargesOf = ({ spooled, chargedCalls }: RestoreReport) =>
  spooled.flatMap(({ path, charges }) =>
    charges.map(({ call_id, account_id, token_id, model, quota, started_at }) => ({
      call_id,
      account_id,
      token_id,
      model,
      quota,
      started_at,
      in_log: chargedCalls.has(call_id),
      file: path,
    })),
  );

/** For programs. */
export const restoreSummary = (report: RestoreReport) => ({
  drift: driftOf(report.verification),
  ledger_id: report.ledgerId,
  generation: report.generation,
  events: report.events,
  last_event: report.backup.manifest.log.last,
  written_at: report.backup.manifest.written_at,
  discarded_messages: report.discardedMessages,
  redis_keys_deleted: report.redisKeys,
  open_holds_set_aside: report.holdsSetAside ?? null,
  spool_files_set_aside: report.spooled.map(({ path, damaged }) => ({ path, damaged_lines: damaged })),
  charges_set_aside: chargesOf(report),
});

/** For a person: what there is now, and what somebody has to look at. */
export function describeRestore(report: RestoreReport): string {
  const { manifest } = report.backup;
  const charges = chargesOf(report);
  const lines = [
    `${report.events.toLocaleString('en-US')} events restored, the last of ${manifest.log.last.recorded_at}; drift ${driftOf(report.verification)}`,
    `ledger ${report.ledgerId} is of generation ${report.generation} now: processes that were at work before have to be started again`,
  ];
  if (report.discardedMessages > 0)
    lines.push(`${report.discardedMessages} messages told of events that are not here: they are not sent`);
  if (report.holdsSetAside !== undefined) lines.push(`open calls of before are in ${report.holdsSetAside}`);
  for (const { path, damaged } of report.spooled)
    lines.push(`set aside: ${path}${damaged > 0 ? ` (${damaged} lines cannot be read)` : ''}`);
  if (charges.length > 0) {
    lines.push(
      '',
      'Charges of answered calls that waited for the log of before:',
      table(
        ['call', 'account', 'quota', 'model', 'began', 'in the log'],
        charges.map(({ call_id, account_id, quota, model, started_at, in_log }) => ({
          call: call_id,
          account: account_id,
          quota: quota.toString(),
          model,
          began: started_at,
          'in the log': in_log ? 'yes' : 'no',
        })),
      ),
    );
  }
  return lines.join('\n');
}
