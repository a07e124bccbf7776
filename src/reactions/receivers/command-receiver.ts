import { z } from 'zod';
import type { CommandMeta, CommandResult } from '../../commands/handling/command.js';
import type { JsonObject } from '../../eventstore/event-store.js';
import type { Receipt, Receiver } from '../outbox/receiver.js';

/** A command that messages of one kind are for: its input is read out of the payload. */
export interface CommandRoute {
  run(payload: JsonObject, meta: CommandMeta): Promise<CommandResult<unknown>>;
}

/**
 * A route of one kind. @param run is given the message's id as idempotency key: a command without one in its own input must take that
 */
export function commandRoute<Schema extends z.ZodType>(
  schema: Schema,
  run: (input: z.output<Schema>, meta: CommandMeta) => Promise<CommandResult<unknown>>,
): CommandRoute {
  return { run: async (payload, meta) => run(schema.parse(payload), meta) };
}

/**
 * The ledger's own commands, by the kind of message. A repetition is known by the message's id; a refusal is an answer, and final; when
 * the ledger cannot be reached the message is tried again.
 */
export function commandReceiver(routes: Readonly<Record<string, CommandRoute>>): Receiver {
  return {
    name: 'command',
    send: async ({ id, kind, payload, source }): Promise<Receipt> => {
      const route = Object.hasOwn(routes, kind) ? routes[kind] : undefined;
      // Perhaps a newer program wrote it: that one will know it.
      if (!route) return { kind: 'retry', reason: `this program knows no command ${kind}` };
      try {
        const meta = { actor: 'system', requestId: `reaction-${source}`, idempotencyKey: id };
        const result = await route.run(payload, meta);
        return result.ok ? { kind: 'delivered' } : { kind: 'rejected', reason: result.refusal.code };
      } catch (error) {
        if (error instanceof z.ZodError) return { kind: 'rejected', reason: z.prettifyError(error) };
        throw error;
      }
    },
  };
}
