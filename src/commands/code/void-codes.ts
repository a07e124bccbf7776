import { codeBatchDecider } from '../../domain/code/decide.js';
import { sourceOfCode } from '../../domain/code/source.js';
import { grantDecider } from '../../domain/grant/decide.js';
import { codeBatchStream, grantStream } from '../../domain/streams.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { grantIdOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { CodeCommands } from './commands.js';
import { hashTyped } from './hash-code.js';

/** What was used is a grant, and taken back as that. */
export function voidCode(dependencies: CommandDependencies): Handler<CodeCommands['voidCode']> {
  return ({ code, reason }, meta) =>
    handle(dependencies, 'void-code', meta, async () => {
      const codeHash = hashTyped(dependencies, code);
      if (codeHash === undefined) return refused({ code: 'code_malformed' });
      const known = await dependencies.codeOf(codeHash);
      if (!known) return refused({ code: 'code_unknown' });
      const { batchId } = known;
      const [batch, grant] = await Promise.all([
        load(dependencies.store, codeBatchStream(batchId), codeBatchDecider),
        load(dependencies.store, grantStream(grantIdOf(sourceOfCode(codeHash))), grantDecider),
      ]);
      if (grant.state) return refused({ code: 'code_used' });
      const command = { type: 'void-code', codeHash, reason, by: meta.actor } as const;
      return planOne(batch, codeBatchDecider.decide(command, batch.state), { batchId });
    });
}

export function voidCodeBatch(dependencies: CommandDependencies): Handler<CodeCommands['voidCodeBatch']> {
  return ({ batchId, reason }, meta) =>
    handle(dependencies, 'void-code-batch', meta, async () => {
      const batch = await load(dependencies.store, codeBatchStream(batchId), codeBatchDecider);
      const command = { type: 'void-batch', reason, by: meta.actor } as const;
      return planOne(batch, codeBatchDecider.decide(command, batch.state), { batchId });
    });
}
