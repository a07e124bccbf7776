import type { Command } from 'commander';
import { checkBackup } from '../../backup/folder/check-backup.js';
import { type Manifest, summaryOf } from '../../backup/manifest.js';
import { writeBackup } from '../../backup/write/write-backup.js';
import { backupSourceOf, manifestKeysOf } from '../../compose/backup.js';
import { readMasterKey } from '../../compose/master-key.js';
import { createKeyring } from '../../support/keyring.js';
import { readSecret, type SecretOptions, withSecretOptions } from '../backup-secret.js';
import { createContext, withFoundation } from '../context.js';
import { progress, toJson } from '../output.js';

interface Options extends SecretOptions {
  readonly check?: boolean;
  readonly json?: boolean;
}

/** `counterfoil backup` */
export function addBackupCommand(program: Command): void {
  withSecretOptions(
    program
      .command('backup <folder>')
      .description(
        'write a backup of the running ledger into a folder, or what is new into one that has a backup',
      ),
  )
    .option('--check', 'write nothing: read all of the backup in the folder and say whether it is whole')
    .option('--json', 'print JSON')
    .action((folder: string, options: Options) => (options.check ? check : write)(folder, options));
}

async function write(folder: string, options: Options): Promise<void> {
  const secret = await readSecret(options);
  const context = createContext();
  const { terminal } = context;
  await withFoundation(context, async (foundation) => {
    const shown = progress(terminal, 'events written');
    const { manifest, newEvents } = await writeBackup(backupSourceOf(foundation), {
      folder,
      secret,
      now: () => new Date(),
      onEvents: ({ events }) => shown.at(events),
    });
    shown.done(`${newEvents.toLocaleString('en-US')} events written that the folder did not have`);
    terminal.out(
      options.json ? toJson({ new_events: newEvents, ...summaryOf(manifest) }) : describe(manifest),
    );
    if (!context.config.masterKey)
      terminal.err(
        'The master key is not in the backup. Keep master.key of DATA_DIR elsewhere: without it nobody can restore.',
      );
  });
}

async function check(folder: string, options: Options): Promise<void> {
  const { config, terminal } = createContext();
  const keyring = createKeyring(await readMasterKey(config));
  const shown = progress(terminal, 'bytes read');
  const { manifest } = await checkBackup(
    folder,
    manifestKeysOf(keyring),
    await readSecret(options),
    ({ bytes, of }) => shown.at(bytes, of),
  );
  shown.done('the backup is whole');
  terminal.out(options.json ? toJson(summaryOf(manifest)) : describe(manifest));
}

const describe = (manifest: Manifest): string => {
  const { ledger, written_at, log, tables, encryption } = manifest;
  const rows = tables.kept.reduce((sum, kept) => sum + kept.rows, 0);
  return [
    `ledger ${ledger.id}, generation ${ledger.generation}, its log in ${ledger.log}`,
    `written ${written_at}${encryption ? ', encrypted' : ''}`,
    `${log.events.toLocaleString('en-US')} events, the last at position ${log.last.position}, of ${log.last.recorded_at}`,
    `${rows.toLocaleString('en-US')} rows of ${tables.kept.length} tables`,
  ].join('\n');
};
