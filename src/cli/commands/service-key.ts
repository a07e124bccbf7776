import type { Command } from 'commander';
import {
  createServiceKeys,
  SERVICE_KEY_SCOPES,
  type ServiceKey,
  type ServiceKeyScope,
  type ServiceKeyStore,
} from '../../stores/service-keys.js';
import type { CommandMeta } from '../../commands/handling/command.js';
import { serviceKeyCommandsOn } from '../../compose/administration.js';
import type { Foundation } from '../../compose/ledger.js';
import { originOf } from '../../support/origins.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { table, toJson, type Row } from '../output.js';

const meta: CommandMeta = { actor: 'cli', requestId: 'cli' };

/** `counterfoil service-key create|list|revoke` */
export function addServiceKeyCommands(program: Command): void {
  const group = program.command('service-key').description('keys of front ends for the external API');
  const everyScope = SERVICE_KEY_SCOPES.join(',');
  group
    .command('create')
    .description('create a key and show it once')
    .requiredOption('--name <name>', 'what it is for, 1 to 100 characters')
    .option('--scopes <list>', `of ${everyScope}`, 'users,topups,tokens,read')
    .option('--return-origins <list>', 'where people whom it hands over may be led back to', '')
    .option('--json', 'print JSON')
    .action(async (options: { name: string; scopes: string; returnOrigins: string; json?: boolean }) => {
      const scopes = parseScopes(options.scopes);
      const returnOrigins = parseOrigins(options.returnOrigins);
      if (options.name.length < 1 || options.name.length > 100)
        throw new UsageError('--name has 1 to 100 characters');
      await withKeys(async (keys, terminal) => {
        const result = await keys.create({ name: options.name, scopes, returnOrigins }, meta);
        if (!result.ok) throw new UsageError(`nothing was created: ${toJson(result.refusal)}`);
        const made = result.value;
        terminal.out(
          options.json
            ? toJson({ ...rowOf(made), key: made.key })
            : `${table(COLUMNS, [rowOf(made)])}\n\n${made.key}`,
        );
        terminal.err('The key is shown only now; it is stored as a keyed hash.');
      });
    });
  group
    .command('list')
    .description('list the keys, without the keys themselves')
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }) =>
      withKeys(async (_, terminal, store) => {
        const rows = (await store.list()).map(rowOf);
        terminal.out(options.json ? toJson(rows) : table(COLUMNS, rows));
      }),
    );
  group
    .command('revoke <id>')
    .description('revoke a key; running processes obey within seconds')
    .action((id: string) =>
      withKeys(async (keys, terminal) => {
        if (!(await keys.revoke({ id }, meta)).ok) throw new UsageError(`there is no service key ${id}`);
        terminal.err(`service key ${id} is revoked`);
      }),
    );
}

const COLUMNS = ['id', 'name', 'scopes', 'return_origins', 'created', 'revoked'];

const rowOf = ({ id, name, scopes, returnOrigins, createdAt, revokedAt }: ServiceKey): Row => ({
  id,
  name,
  scopes: scopes.join(','),
  return_origins: returnOrigins.join(','),
  created: createdAt.toISOString(),
  revoked: revokedAt?.toISOString() ?? null,
});

const listed = (text: string): readonly string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);

function parseOrigins(text: string): readonly string[] {
  return listed(text).map((each) => {
    const origin = originOf(each);
    if (origin === undefined)
      throw new UsageError(`--return-origins: ${each} is no origin such as https://shop.example.com`);
    return origin;
  });
}

function parseScopes(text: string): readonly ServiceKeyScope[] {
  const scopes = listed(text);
  const unknown = scopes.filter((scope) => !SERVICE_KEY_SCOPES.some((known) => known === scope));
  if (scopes.length === 0 || unknown.length > 0) {
    throw new UsageError(
      `--scopes: ${unknown.join(', ') || 'none given'}; there are ${SERVICE_KEY_SCOPES.join(', ')}`,
    );
  }
  return scopes as ServiceKeyScope[];
}

function withKeys(
  run: (
    keys: ReturnType<typeof serviceKeyCommandsOn>,
    terminal: ReturnType<typeof createContext>['terminal'],
    store: ServiceKeyStore,
  ) => Promise<void>,
): Promise<void> {
  const context = createContext();
  return withFoundation(context, ({ database, keyring, store }: Foundation) => {
    const keys = createServiceKeys(database.pool, keyring);
    return run(serviceKeyCommandsOn({ store }, keys), context.terminal, keys);
  });
}
