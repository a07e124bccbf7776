import { type Check, countOf, driftOf } from '../books/verify/check.js';
import type { Verification } from '../books/verify/verify-books.js';
import { type Row, table } from './output.js';

/** How many differences are printed; all that were kept are in the JSON. */
const SHOWN = 50;

/** What a person reads after a verification: a line a check, the differences by account, and the drift as the last line. */
export function reportVerification(verification: Verification): string {
  const { checks, position, head, behind, events, accounts, passedOver } = verification;
  const drift = driftOf(verification);
  const rows = checks.map((check) => ({
    check: check.name,
    compared: check.compared,
    differences: countOf(check),
  }));
  const lines = [table(['check', 'compared', 'differences'], rows)];
  const differences = checks.flatMap((check) =>
    check.differences.map((difference) => ({ check: check.name, ...difference })),
  );
  if (differences.length > 0) {
    lines.push(
      '',
      table(['account', 'check', 'key', 'expected', 'found'], differences.slice(0, SHOWN).map(rowOf)),
    );
    if (drift > SHOWN) lines.push(`and ${drift - SHOWN} more`);
  }
  if (behind > 0)
    lines.push(
      '',
      `The tables are ${behind.toLocaleString('en-US')} events behind the log, which ends at position ${head}.`,
    );
  const { skipped, foreign } = passedOver;
  if (skipped + foreign > 0)
    lines.push(
      '',
      `Nothing is made of ${skipped} events that were skipped (counterfoil poison list) and ${foreign} of others in the same log.`,
    );
  lines.push(
    '',
    `${events.toLocaleString('en-US')} events, ${accounts.toLocaleString('en-US')} accounts, up to position ${position}: drift ${drift}`,
  );
  return lines.join('\n');
}

const rowOf = ({
  accountId,
  check,
  key,
  expected,
  found,
}: { check: string } & Check['differences'][number]): Row => ({
  account: accountId,
  check,
  key,
  expected,
  found,
});
