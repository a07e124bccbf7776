import type { Command } from 'commander';
import { createAnchors, readAnchorsFile } from '../../compose/anchors.js';
import { transparencyParts } from '../../compose/transparency.js';
import { beginAnew, NameWasUsed } from '../../transparency/begin-anew.js';
import { newestCheckpoint } from '../../transparency/checkpoint-tables.js';
import { readCheckpointText } from '../../transparency/checkpoint.js';
import { compareLog, comparisonText } from '../../transparency/compare-log.js';
import { allHeads } from '../../transparency/signed-heads.js';
import { readKeptTree } from '../../transparency/kept-tree.js';
import { withTransaction } from '../../postgres/pool.js';
import { exportFiles } from '../../transparency/export-files.js';
import { createServedFiles } from '../../transparency/served-files.js';
import { readNote } from '../../transparency/signed-note.js';
import { NotAVerifierKey } from '../../transparency/note-keys.js';
import { addSigner } from '../../transparency/signing-keys.js';
import { clearTree } from '../../transparency/tree-tables.js';
import { createContext, withFoundation } from '../context.js';
import { operatorMeta } from '../operator.js';
import { exitCodes, UsageError } from '../exit-codes.js';
import { progress, toJson } from '../output.js';

const NOTHING_YET = 'nothing has been signed yet: the service does so ten seconds after it was started';

/** `counterfoil transparency …` */
export function addTransparencyCommands(program: Command): void {
  const transparency = program
    .command('transparency')
    .description('the signed tree of the log, by which strangers see that nothing was changed');
  transparency
    .command('key')
    .description('print what signatures are checked with, the latest checkpoint, and how large the log is')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const context = createContext();
      await withFoundation(context, async (foundation) => {
        const { keys, pool } = transparencyParts(foundation);
        const vkeys = (await keys.inUse()).map(({ vkey }) => vkey);
        const newest = await newestCheckpoint(pool);
        const said = { keys: vkeys, size: newest?.size ?? 0, checkpoint: newest?.note ?? null };
        context.terminal.out(json ? toJson(said) : [...vkeys, '', newest?.note ?? NOTHING_YET].join('\n'));
      });
    });
  transparency
    .command('export <folder>')
    .description('write the log as files that any server of files can serve; again: only what is new')
    .action(async (folder: string) => {
      const context = createContext();
      await withFoundation(context, async ({ database }) => {
        const exported = await exportFiles(createServedFiles(database.pool), folder);
        if (!exported) throw new UsageError(NOTHING_YET);
        const { size, written, kept } = exported;
        context.terminal.out(`${size} entries: ${written} files written, ${kept} were there`);
      });
    });
  transparency
    .command('check')
    .description(
      'make the tree of the whole log once more, and hold it against every checkpoint that was signed',
    )
    .option('--json', 'print JSON')
    .option(
      '--mend',
      'have what others are shown of it made anew, where that alone is another: a service does so',
    )
    .action(async ({ json, mend }: { json?: boolean; mend?: boolean }) => {
      const context = createContext();
      await withFoundation(context, async (foundation) => {
        const parts = transparencyParts(foundation);
        const shown = progress(context.terminal, 'hashing');
        const anchors = createAnchors(foundation, await readAnchorsFile(foundation), parts.verifiers);
        const heads = await allHeads({ ...parts, anchors });
        const kept = await readKeptTree(parts.pool, parts.store);
        const found = await compareLog({
          ...parts,
          ...{ heads, kept, readTile: kept.readTile },
          onProgress: (entries) => shown.at(entries),
        });
        shown.done(`${heads.length} checkpoints`);
        context.terminal.out(json ? toJson(found) : comparisonText(found));
        if (mend && found.kind === 'spoiled') await withTransaction(parts.pool, clearTree);
        process.exitCode = found.kind === 'agrees' ? exitCodes.clean : exitCodes.differences;
      });
    });
  addKeyCommands(transparency);
}

function addKeyCommands(transparency: Command): void {
  transparency
    .command('begin-anew')
    .description(
      'sign the log under another name, after a part of it was lost for good; stop every process before, and tell whoever checks',
    )
    .requiredOption(
      '--origin <name>',
      'such as ledger.example.com/transparency-2: one that the log never had',
    )
    .requiredOption('--reason <text>', 'why, 1 to 500 characters')
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action(async (options: { readonly origin: string; readonly reason: string; readonly by: string }) => {
      const { actor } = operatorMeta(options);
      const context = createContext();
      await withFoundation(context, async (foundation) => {
        const { keys, now, pool } = transparencyParts(foundation);
        const beginning = { origin: options.origin, reason: options.reason, by: actor, now: now() };
        context.terminal.out(await beginAnew(pool, keys, beginning).catch(asUsageError));
      });
    });
  transparency
    .command('rotate-key')
    .description('sign with another key as well; tell it to whoever checks, then retire the old one')
    .action(async () => {
      const context = createContext();
      await withFoundation(context, async (foundation) => {
        const { keys, now, pool } = transparencyParts(foundation);
        const newest = await newestCheckpoint(pool);
        const origin = newest && readCheckpointText(readNote(newest.note).text).origin;
        context.terminal.out(await addSigner(keys, now(), origin));
      });
    });
  transparency
    .command('retire-key <id>')
    .description('sign no longer with a key, of the 8 digits in its middle')
    .action(async (id: string) => {
      const context = createContext();
      await withFoundation(context, async (foundation) => {
        const { keys, now } = transparencyParts(foundation);
        if (!(await keys.retire(id, now())))
          throw new UsageError('no such key signs, or it is the only one that does');
        context.terminal.out(`${id} signs no longer`);
      });
    });
}

/** @throws UsageError */
function asUsageError(error: unknown): never {
  if (error instanceof NameWasUsed || error instanceof NotAVerifierKey) throw new UsageError(error.message);
  throw error;
}
