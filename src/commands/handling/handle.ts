import { encodeEvent } from '../../domain/events/codec.js';
import type { StreamWrite } from '../../eventstore/event-store.js';
import { backOff } from '../../support/backoff.js';
import { isUnavailable } from '../../support/unavailable.js';
import { appendUntilKnown } from './append-until-known.js';
import { type CommandMeta, type CommandResult, LedgerUnavailable } from './command.js';
import { eventIdOf } from './identifiers.js';
import type { Plan, PlannedWrite } from './plan.js';
import type { CommandDependencies } from './ports.js';
import type { HandleTimings } from './timings.js';

type Ledger = Pick<CommandDependencies, 'store' | 'guards' | 'newId' | 'now' | 'timings'>;

/**
 * One command: plan (load and decide), append at the exact revisions, and on a conflict plan again.
 *
 * An append whose outcome is unknown is repeated with the same ids at the same revisions until it is known; nothing is decided
 * again before that. Rejects with LedgerUnavailable when the deadline passes first: the command may be sent again at will.
 */
export async function handle<Value>(
  ledger: Ledger,
  name: string,
  meta: CommandMeta,
  plan: () => Promise<Plan<Value>>,
): Promise<CommandResult<Value>> {
  const { timings } = ledger;
  const deadline = performance.now() + timings.deadlineMs;
  const invocationId = ledger.newId();
  const receivedAt = meta.receivedAt ?? ledger.now();
  for (let conflicts = 0; ; conflicts++) {
    const planned = await whileAvailable(timings, plan);
    const { guards } = planned;
    const raise = async (): Promise<void> => {
      if (guards) await whileAvailable(timings, () => ledger.guards.raiseGuards(guards));
    };
    if (planned.kind === 'refused') {
      await raise();
      return { ok: false, refusal: planned.refusal };
    }
    const writes = planned.writes.filter(({ events }) => events.length > 0);
    let { position } = planned;
    if (writes.length > 0) {
      const batch = writes.map((write) => recordOf(write, { invocationId, name, meta, receivedAt }));
      const outcome = await appendUntilKnown(ledger.store, batch, {
        backoff: timings,
        deadlineMs: deadline,
        now: () => performance.now(),
        unavailableAttempts: timings.unavailableAttempts,
      });
      if (outcome.outcome === 'conflict') {
        if (planned.isSupposed) continue;
        // Whoever was late and lost a race hears what became of it: nobody keeps writing yet.
        if (conflicts > 0 && performance.now() > deadline)
          throw new LedgerUnavailable(`${name}: others keep writing ${outcome.stream}`);
        await backOff(timings, conflicts);
        continue;
      }
      position = outcome.position;
    }
    await raise();
    return { ok: true, value: planned.value, position, replayed: planned.replayed };
  }
}

interface Invocation {
  readonly invocationId: string;
  readonly name: string;
  readonly meta: CommandMeta;
  readonly receivedAt: Date;
}

function recordOf(
  { stream, expected, events }: PlannedWrite,
  { invocationId, name, meta, receivedAt }: Invocation,
): StreamWrite {
  const metadata = {
    request_id: meta.requestId,
    actor: meta.actor,
    command: name,
    received_at: receivedAt.toISOString(),
  };
  return {
    stream,
    expected,
    events: events.map((event, index) => ({
      id: eventIdOf(invocationId, stream, expected, index),
      ...encodeEvent(event),
      metadata,
    })),
  };
}

/** Runs something that may be repeated at will; gives up after a few attempts when a server it needs is away. */
export async function whileAvailable<T>(timings: HandleTimings, run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      if (attempt >= timings.unavailableAttempts)
        throw new LedgerUnavailable('a server that the ledger needs cannot be reached', { cause: error });
      await backOff(timings, attempt);
    }
  }
}
