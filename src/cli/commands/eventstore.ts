import type { Command } from 'commander';
import { loadRights, type Rights } from '../../compose/event-store-rights.js';
import { createContext } from '../context.js';
import { exitCodes, UsageError } from '../exit-codes.js';
import { type Row, table } from '../output.js';

const DEADLINE_MS = 10_000;

/** `counterfoil eventstore secure` */
export function addEventStoreCommands(program: Command): void {
  program
    .command('eventstore')
    .description('the server of EventStoreDB')
    .command('secure')
    .description(
      'let only administrators delete or limit streams, and the ledger read the whole log; EVENTSTORE_URL has the name and password of an administrator',
    )
    .option('--user <name>', "what the ledger's processes log in as", 'ledger')
    .option('--check', 'change nothing, and say what is not as it should be')
    .action(async ({ user, check }: { readonly user: string; readonly check?: boolean }) => {
      const { config, terminal } = createContext();
      if (config.eventStoreUrl === undefined)
        throw new UsageError('EVENTSTORE_URL is not set: the log in PostgreSQL has no server of its own');
      if (!/^[\w.-]{1,100}$/.test(user)) throw new UsageError('--user is a name of letters, digits, . _ -');
      const options = { connectionString: config.eventStoreUrl, user, deadlineMs: DEADLINE_MS };
      const { lookAtRights, writeRights } = await loadRights();
      const found = await lookAtRights(options);
      if (!check && found.asksForPassword && (await writeRights(options)))
        terminal.err('the rights were written; they hold at once');
      const rights = check ? found : await lookAtRights(options);
      terminal.out(table(['what', 'found', 'what to do'], rowsOf(rights, user)));
      process.exitCode = isSecure(rights) ? exitCodes.clean : exitCodes.differences;
    });
}

const isSecure = ({ asksForPassword, defaultPassword, defaults }: Rights): boolean =>
  asksForPassword && !defaultPassword && defaults === 'right';

function rowsOf({ asksForPassword, defaultPassword, defaults }: Rights, user: string): readonly Row[] {
  const row = (what: string, isRight: boolean, found: string, todo: string): Row => ({
    what,
    found: isRight ? 'as it should be' : found,
    'what to do': isRight ? '' : todo,
  });
  return [
    row('passwords', asksForPassword, 'nobody is asked for one (tls=false)', 'run the server with TLS'),
    row(
      'password of admin',
      !defaultPassword,
      'the one that every new server has',
      'change it, for ops as well',
    ),
    row(
      'rights',
      defaults === 'right',
      defaults === 'none' ? 'as the server comes: every login may delete' : `not those for ${user}`,
      'counterfoil eventstore secure',
    ),
  ];
}
