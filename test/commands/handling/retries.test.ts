import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type CommandMeta,
  type CommandResult,
  LedgerUnavailable,
} from '../../../src/commands/handling/command.js';
import { commandScenarios, type Scenario } from '../../support/command-scenarios.js';
import { ADJUST_ALONE, type CommandWorld, createCommandWorld } from '../../support/command-world.js';
import { createScriptedEventStore, type Fault, faults } from '../../support/scripted-event-store.js';
import { createCommands } from '../../../src/commands/create-commands.js';

const meta: CommandMeta = { actor: 'service-key:1', requestId: 'r', idempotencyKey: 'once' };
const MAX_TRIES = 20;

interface Trouble {
  readonly script: readonly Fault[];
  readonly deadlineMs: number;
  readonly callers: number;
}

const troubles = fc.record({
  script: fc.array(fc.constantFrom(...faults), { maxLength: 8 }),
  // With no time at all a command gives up at the first doubt, and its caller sends it again.
  deadlineMs: fc.constantFrom(-1, 2_000),
  callers: fc.integer({ min: 1, max: 4 }),
});

/** A caller that sends its command again until it is answered. */
async function insist(run: () => Promise<CommandResult<unknown>>): Promise<CommandResult<unknown>> {
  for (let tries = 1; ; tries++) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof LedgerUnavailable) || tries === MAX_TRIES) throw error;
    }
  }
}

async function play(scenario: Scenario, { script, deadlineMs, callers }: Trouble): Promise<CommandWorld> {
  const world = createCommandWorld({ overrides: { adjustAlone: ADJUST_ALONE } });
  await scenario.given(world.commands, meta);
  const troubled = createCommands({
    ...world.dependencies,
    store: createScriptedEventStore(world.store, script),
    timings: { deadlineMs, unavailableAttempts: 2, baseDelayMs: 0, maxDelayMs: 0 },
  });
  await Promise.all(Array.from({ length: callers }, () => insist(() => scenario.when(troubled, meta))));
  await scenario.when(world.commands, meta);
  return world;
}

/** Claims may be written again; what they are for may not. */
const countOf = async (world: CommandWorld): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { type } of await world.log()) {
    if (!type.startsWith('claim-')) counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
};

describe.each(commandScenarios)('$name', (scenario) => {
  it('is done once, however often it is sent and whatever breaks', async () => {
    const untroubled = await countOf(await play(scenario, { script: [], deadlineMs: 2_000, callers: 1 }));
    await fc.assert(
      fc.asyncProperty(troubles, async (trouble) => {
        const world = await play(scenario, trouble);
        expect(await countOf(world)).toEqual(untroubled);
        await scenario.then?.(world);
      }),
      { numRuns: 60 },
    );
  });
});
