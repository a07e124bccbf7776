import { serviceKeyDecider, type ServiceKeyCommand } from '../../domain/servicekey/decide.js';
import { serviceKeyStream } from '../../domain/streams.js';
import { checked, type CommandMeta } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { load } from '../handling/load.js';
import { planOne } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { ServiceKeyCommands, ServiceKeyRegistry } from './commands.js';

export function createServiceKeyCommands<Key extends { readonly id: string }, Scope extends string>(
  dependencies: Pick<CommandDependencies, 'store' | 'guards' | 'newId' | 'now' | 'timings'>,
  keys: ServiceKeyRegistry<Key, Scope>,
): ServiceKeyCommands<Key, Scope> {
  const record = (command: ServiceKeyCommand, meta: CommandMeta) =>
    handle(dependencies, `${command.type}-service-key`, meta, async () => {
      const loaded = await load(dependencies.store, serviceKeyStream(command.id), serviceKeyDecider);
      return planOne(loaded, serviceKeyDecider.decide(command, loaded.state), { id: command.id });
    });
  return {
    create: checked(async ({ name, scopes, returnOrigins }, meta) => {
      const key = await keys.create(name, scopes, returnOrigins);
      try {
        const command = { type: 'create', id: key.id, name, scopes, returnOrigins, by: meta.actor } as const;
        const result = await record(command, meta);
        if (!result.ok) throw new Error(`a service key was refused: ${result.refusal.code}`);
        return { ...result, value: key };
      } catch (error) {
        // Nobody has been told the key: what is not recorded must not open anything.
        await keys.revoke(key.id);
        throw error;
      }
    }),
    revoke: checked(async ({ id }, meta) => {
      if (!(await keys.revoke(id))) return { ok: false, refusal: { code: 'service_key_not_found' } };
      return record({ type: 'revoke', id, by: meta.actor }, meta);
    }),
  };
}
