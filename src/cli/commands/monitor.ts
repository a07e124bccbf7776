import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { lookAt, type MonitorState, type Sighting } from '../../transparency/monitor.js';
import { openRemoteLog } from '../../transparency/remote-log.js';
import { renameDurably } from '../../support/durable-folder.js';
import { exitCodes, UsageError } from '../exit-codes.js';
import { processTerminal, toJson } from '../output.js';
import { readKeys, several, wholeNumber } from '../transparency-options.js';

interface Options {
  readonly key: readonly string[];
  readonly state: string;
  readonly witness?: readonly string[];
  readonly quorum: string;
  readonly fresh: string;
  readonly json?: boolean;
}

/** `counterfoil monitor` */
export function addMonitorCommand(program: Command): void {
  program
    .command('monitor <url>')
    .description(
      "look once at somebody's transparency log, as a third party: it must go on from what it was, and be signed",
    )
    .requiredOption(
      '--key <vkey>',
      'of the log, as it was told to you by another way; several may be given',
      several,
    )
    .requiredOption('--state <file>', 'what is remembered from one look to the next; made by the first')
    .option('--witness <vkey>', 'of a witness; several may be given', several)
    .option('--quorum <n>', 'how many of the witnesses must have seen the checkpoint', '0')
    .option('--fresh <minutes>', 'how long a checkpoint may be the newest', '1440')
    .option('--json', 'print JSON')
    .action(async (url: string, options: Options) => {
      const sighting = await lookAt({
        log: openRemoteLog(url),
        logKeys: readKeys(options.key),
        witnessKeys: readKeys(options.witness ?? []),
        quorum: wholeNumber('--quorum', options.quorum),
        freshMs: wholeNumber('--fresh', options.fresh) * 60_000,
        state: await readState(options.state),
        now: new Date(),
      });
      const { state, ...said } = sighting;
      if (state) await writeState(options.state, state);
      processTerminal.out(options.json ? toJson(said) : told(sighting));
      process.exitCode = sighting.verdict === 'ok' ? exitCodes.clean : exitCodes.differences;
    });
}

const stateOf = z.strictObject({ checkpoint: z.string(), seen_at: z.iso.datetime() });

async function readState(file: string): Promise<MonitorState | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new UsageError(`${file} cannot be read: ${error.code ?? error.message}`);
  });
  if (text === undefined) return undefined;
  try {
    return stateOf.parse(JSON.parse(text));
  } catch {
    // A monitor that forgets would not notice: a person says that it may.
    throw new UsageError(`${file} is not what a monitor writes down: if it may forget, remove the file`);
  }
}

/** Whole or not at all: a monitor that forgets would not notice. */
async function writeState(file: string, state: MonitorState): Promise<void> {
  const beside = `${file}.${process.pid}`;
  await writeFile(beside, `${JSON.stringify(state)}\n`, { flush: true });
  await renameDurably(beside, file);
}

function told({ verdict, reason, origin, size, before, witnesses, evidence }: Sighting): string {
  const head = verdict === 'ok' ? 'OK' : `${verdict.toUpperCase()}: ${reason}`;
  const grown = before === undefined ? 'seen for the first time' : `${before} before`;
  const lines = [head, ...(origin === undefined ? [] : [`${origin}: ${size} entries, ${grown}`])];
  if (witnesses.length > 0) lines.push(`seen by ${witnesses.join(', ')}`);
  if (evidence !== undefined)
    lines.push('', 'Keep this, and the state file: together they prove it.', '', evidence.trimEnd());
  return lines.join('\n');
}
