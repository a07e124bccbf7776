import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.js';
import { runCli } from '../support/run-cli.js';
import type { FaultWorld } from './inject.js';

export type CommandFault =
  | 'rebuild under fire'
  | 'verify under fire'
  | 'export under fire'
  | 'drill under fire';

/** A server that is away ends a command, as it should; an operator calls it again. */
const TRIES = 12;
const PAUSE_MS = 1_000;

/** What an operator does while everything goes wrong. It may fail and say so; what it must not do is to say something false. */
export async function runUnderFire(
  { cluster, complain }: Pick<FaultWorld, 'cluster' | 'complain'>,
  kind: CommandFault,
): Promise<string | undefined> {
  let last = '';
  for (let time = 0; time < TRIES; time++) {
    try {
      return void (await COMMANDS[kind](cluster, (what) => complain(`${kind}: ${what}`)));
    } catch (error) {
      last = (error as Error).message.slice(0, 300);
      await wait(PAUSE_MS);
    }
  }
  return `it did not end once in ${TRIES} times: ${last}`;
}

type Complain = FaultWorld['complain'];

const COMMANDS: Readonly<Record<CommandFault, (cluster: Cluster, complain: Complain) => Promise<void>>> = {
  async 'rebuild under fire'(cluster, complain) {
    const results = JSON.parse(await runCli(cluster, 'rebuild', 'all', '--json')) as {
      readonly projection: string;
      readonly equal?: boolean;
    }[];
    for (const { projection, equal } of results)
      if (equal !== true) complain(`${projection} rebuilt is not what was there`);
  },
  async 'verify under fire'(cluster, complain) {
    const { checks } = JSON.parse(await runCli(cluster, 'verify', '--json')) as {
      readonly checks: readonly { readonly name: string; readonly differences: readonly object[] }[];
    };
    for (const { name, differences } of checks)
      for (const difference of differences.slice(0, 3)) complain(`${name}: ${JSON.stringify(difference)}`);
  },
  async 'export under fire'(cluster, complain) {
    const written = await runCli(cluster, 'export', '--format', 'hledger');
    for (const fault of unbalanced(written).slice(0, 3)) complain(`does not balance: ${fault}`);
  },
  // A backup beside the running service, restored elsewhere, verified there and compared.
  async 'drill under fire'(cluster, complain) {
    const folder = await mkdtemp(join(cluster.options.folder, 'backup-'));
    const { drift, same_log } = JSON.parse(await runCli(cluster, 'drill', folder, '--json')) as {
      readonly drift: number;
      readonly same_log: boolean;
    };
    if (drift !== 0) complain(`what was restored has a drift of ${drift}`);
    if (!same_log) complain('what was restored is not what the log says');
  },
};

const AMOUNT = /(-?)(\d+)(?:\.(\d+))?/;
const PLACES = 12;

/** Entries of an hledger journal whose postings do not sum to zero, by their first lines. */
function unbalanced(journal: string): string[] {
  return journal.split(/\n\n+/).flatMap((entry) => {
    const [head = '', ...lines] = entry.split('\n');
    const postings = lines.filter((line) => /^\s+[^\s;]/.test(line));
    if (!/^\d{4}-/.test(head) || postings.length === 0) return [];
    const sum = postings.reduce((total, line) => total + amountOf(line), 0n);
    return sum === 0n ? [] : [head];
  });
}

function amountOf(posting: string): bigint {
  // Two spaces end the account's name.
  const [, amount = ''] = posting.trim().split(/\s{2,}/);
  const [, sign = '', whole = '0', places = ''] = AMOUNT.exec(amount) ?? [];
  const value = BigInt(whole + places.padEnd(PLACES, '0'));
  return sign === '-' ? -value : value;
}
