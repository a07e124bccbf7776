import { Command, InvalidArgumentError, Option } from 'commander';
import { addAuditCommands } from './commands/audit.js';
import { addAdjustCommand } from './commands/adjust.js';
import { addBackupCommand } from './commands/backup.js';
import { addDemoCommand } from './commands/demo.js';
import { addDigestCommand } from './commands/digest.js';
import { addCashCommands } from './commands/cash.js';
import { addCodeCommands } from './commands/codes.js';
import { addDoubtCommands } from './commands/doubts.js';
import { addOrderCommands } from './commands/orders.js';
import { addRefundCommands } from './commands/refunds.js';
import { addDrillCommand } from './commands/drill.js';
import { addErasePersonCommand } from './commands/erase-person.js';
import { addEventCommands } from './commands/events.js';
import { addEventStoreCommands } from './commands/eventstore.js';
import { addExportCommand } from './commands/export.js';
import { addGenerateCommand } from './commands/generate.js';
import { addGrantCommands } from './commands/grants.js';
import { addImportCommands } from './commands/import.js';
import { addLiabilityCommands } from './commands/liability.js';
import { addLogCommands } from './commands/log.js';
import { addMigrateCommand } from './commands/migrate.js';
import { addMonitorCommand } from './commands/monitor.js';
import { addOperatorCommands } from './commands/operator.js';
import { addOutboxCommands } from './commands/outbox.js';
import { addPlanCommands } from './commands/plans.js';
import { addTeamCommands } from './commands/teams.js';
import { addReferralCommands } from './commands/referrals.js';
import { addPoisonCommands } from './commands/poison.js';
import { addRebuildCommand } from './commands/rebuild.js';
import { addReceiptCommands } from './commands/receipt.js';
import { addReconcileCommand } from './commands/reconcile.js';
import { addRestoreCommand } from './commands/restore.js';
import { addRotateMasterKeyCommand } from './commands/rotate-master-key.js';
import { addServiceKeyCommands } from './commands/service-key.js';
import { addTransparencyCommands } from './commands/transparency.js';
import { addVerifyCommand } from './commands/verify.js';
import { workersOf } from '../config-values.js';
import { VERSION } from '../support/version.js';

const EXIT_CODES =
  'Exit codes: 0 clean, 1 differences found, 2 usage or configuration, 3 cannot connect, 141 the reader of the output has gone.';

function parseWorkers(text: string): number {
  try {
    return workersOf(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** The `counterfoil` command with all that are below it. Faults of usage are thrown. */
export function createProgram(): Command {
  const program = new Command('counterfoil')
    .description(
      'Event-sourced quota ledger with an LLM relay. Servers and settings come from the environment.',
    )
    .version(VERSION, '-v, --version', 'print the version')
    .addHelpText('after', `\n${EXIT_CODES}`)
    .exitOverride();
  program
    .command('serve')
    .description('run the service (as `npm start`)')
    .option('--mock-upstream', 'with a channel to a mock on loopback, for a first call without an account')
    .addOption(new Option('--with-mock').implies({ mockUpstream: true }).hideHelp())
    .option('--workers <count>', 'with so many relay processes behind the port, for ROLE=relay', parseWorkers)
    .action(async ({ mockUpstream, workers }: { mockUpstream?: boolean; workers?: number }) => {
      // All of the service, which no other command waits for.
      const { serve } = await import('../serve.js');
      process.exitCode = await serve({ mockUpstream: mockUpstream === true, workers });
    });
  addDemoCommand(program);
  addMigrateCommand(program);
  addLogCommands(program);
  addBackupCommand(program);
  addRestoreCommand(program);
  addEventStoreCommands(program);
  addDrillCommand(program);
  addServiceKeyCommands(program);
  addOperatorCommands(program);
  addOutboxCommands(program);
  addPoisonCommands(program);
  addVerifyCommand(program);
  addDigestCommand(program);
  addTransparencyCommands(program);
  addReceiptCommands(program);
  addLiabilityCommands(program);
  addMonitorCommand(program);
  addRotateMasterKeyCommand(program);
  addRebuildCommand(program);
  addGenerateCommand(program);
  addEventCommands(program);
  addAdjustCommand(program);
  addGrantCommands(program);
  addCashCommands(program);
  addCodeCommands(program);
  addPlanCommands(program);
  addTeamCommands(program);
  addReferralCommands(program);
  addImportCommands(program);
  addDoubtCommands(program);
  addOrderCommands(program);
  addRefundCommands(program);
  addErasePersonCommand(program);
  addExportCommand(program);
  addReconcileCommand(program);
  addAuditCommands(program);
  // Groups made by add… inherit neither of these.
  for (const command of program.commands)
    for (const each of [command, ...command.commands]) each.exitOverride();
  return program;
}
