import { serviceKeyDecider, type ServiceKeyCommand } from '../../domain/servicekey/decide.js';
import { serviceKeyStream } from '../../domain/streams.js';
import type { CommandMeta, CommandResult } from '../commands.js';
import { handle } from '../handling/handle.js';
import { load } from '../handling/load.js';
import { planOne } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';

/** The keys of front ends, beside the log. */
export interface ServiceKeyRegistry<Key extends { readonly id: string }, Scope extends string> {
  create(name: string, scopes: readonly Scope[]): Promise<Key>;
  revoke(id: string): Promise<boolean>;
}

/** Keys that let front ends in, each change recorded with who made it. Reject with LedgerUnavailable. */
export interface ServiceKeyCommands<Key, Scope> {
  /** Sent again, it makes another key: who did not hear of the first one revokes it. */
  create(
    input: { readonly name: string; readonly scopes: readonly Scope[] },
    meta: CommandMeta,
  ): Promise<Extract<CommandResult<Key>, { ok: true }>>;
  revoke(id: string, meta: CommandMeta): Promise<CommandResult<{ readonly id: string }>>;
}

export function createServiceKeyCommands<Key extends { readonly id: string }, Scope extends string>(
  dependencies: Pick<CommandDependencies, 'store' | 'guards' | 'newId' | 'timings'>,
  keys: ServiceKeyRegistry<Key, Scope>,
): ServiceKeyCommands<Key, Scope> {
  const record = (command: ServiceKeyCommand, meta: CommandMeta) =>
    handle(dependencies, `${command.type}-service-key`, meta, async () => {
      const loaded = await load(dependencies.store, serviceKeyStream(command.id), serviceKeyDecider);
      return planOne(loaded, serviceKeyDecider.decide(command, loaded.state), { id: command.id });
    });
  return {
    create: async ({ name, scopes }, meta) => {
      const key = await keys.create(name, scopes);
      try {
        const command = { type: 'create', id: key.id, name, scopes, by: meta.actor } as const;
        const result = await record(command, meta);
        if (!result.ok) throw new Error(`a service key was refused: ${result.refusal.code}`);
        return { ...result, value: key };
      } catch (error) {
        // Nobody has been told the key: what is not recorded must not open anything.
        await keys.revoke(key.id);
        throw error;
      }
    },
    revoke: async (id, meta) => {
      if (!(await keys.revoke(id))) return { ok: false, refusal: { code: 'service_key_not_found' } };
      return record({ type: 'revoke', id, by: meta.actor }, meta);
    },
  };
}
