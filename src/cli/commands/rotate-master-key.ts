import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { openDatabase } from '../../compose/database.js';
import { openAnyLog } from '../../compose/event-store.js';
import { adoptNextMasterKey, readMasterKey, readNextMasterKey } from '../../compose/master-key.js';
import { NotAlone, rotateMasterKey, type RotationOutcome } from '../../compose/rotation.js';
import { sealsOf } from '../../compose/seals.js';
import { ShutdownList } from '../../compose/shutdown.js';
import { WrongMasterKey } from '../../stores/ledger-instance.js';
import { type CommandContext, createContext } from '../context.js';
import { UsageError } from '../exit-codes.js';

/** `counterfoil rotate-master-key` */
export function addRotateMasterKeyCommand(program: Command): void {
  program
    .command('rotate-master-key')
    .description(
      'seal everything under another master key, with all services stopped; may be run again after it died',
    )
    .requiredOption('--yes', 'backups of before need the old key')
    .action(async () => {
      const context = createContext();
      const outcome = await rotated(context).catch((error: unknown) => {
        if (error instanceof WrongMasterKey || error instanceof NotAlone) throw new UsageError(error.message);
        throw error;
      });
      if (!context.config.masterKey) await adoptNextMasterKey(context.config);
      context.terminal.err(told(outcome));
      if (context.config.masterKey)
        context.terminal.err('start the services with NEW_MASTER_KEY as MASTER_KEY');
    });
}

async function rotated({ config, log }: CommandContext): Promise<RotationOutcome> {
  const shutdown = new ShutdownList(log);
  try {
    const oldKey = await readMasterKey(config);
    const newKey = await readNextMasterKey(config).catch((error: Error) => {
      throw new UsageError(error.message);
    });
    const base = { config, log, shutdown, name: 'rotation' };
    const database = await openDatabase(base);
    const store = await openAnyLog({ ...base, database, seals: sealsOf(newKey, database.clock) });
    return await rotateMasterKey({ pool: database.pool, store, oldKey, newKey, newId: randomUUID });
  } finally {
    await shutdown.run();
  }
}

function told(outcome: RotationOutcome): string {
  if (outcome.done === 'before') return 'everything is under the new key already';
  const { persons, secrets, channels, unopened } = outcome;
  const lost = unopened > 0 ? `; ${unopened} that neither key opens are left as they are` : '';
  return `under the new key: ${persons} persons, ${channels} channels, ${secrets} secrets of a day${lost}`;
}
