import { type Poison, poison } from '../../projections/runtime/faults.js';
import type { Message } from '../outbox/message.js';
import { checkMessage } from '../outbox/check-message.js';
import type { Reaction } from '../reaction.js';
import type { HandledEvent, HandledPage } from './read-handled.js';

/** What a reaction has to a stretch of the log. */
export interface Reacted {
  /** Of each event that has any, in log order. */
  readonly told: readonly { readonly at: bigint; readonly messages: readonly Message[] }[];
  /** Everything up to here has been reacted to. */
  readonly position: bigint;
  /** The event that it can neither react to nor go past. */
  readonly poison: Poison | undefined;
}

/** What a reaction makes of a page: to its end, or to the event before the one that it cannot take. */
export function messagesOf(reaction: Reaction, page: HandledPage, after: bigint): Reacted {
  const told: Reacted['told'][number][] = [];
  let position = after;
  for (const event of page.events) {
    const made = react(reaction, event);
    if ('poison' in made) return { told, position, poison: made.poison };
    if (made.messages.length > 0) told.push({ at: event.position, messages: made.messages });
    position = event.position;
  }
  return { told, position: page.position, poison: undefined };
}

function react(
  reaction: Reaction,
  { read }: HandledEvent,
): { readonly messages: readonly Message[] } | { readonly poison: Poison } {
  if ('poison' in read) return read;
  try {
    return { messages: reaction.react(read.event).map(checkMessage) };
  } catch (error) {
    // Its message may quote the event: only its name is told.
    const name = error instanceof Error ? error.name : typeof error;
    return { poison: poison(read.event, `the reaction ${reaction.name} failed with ${name}`) };
  }
}
