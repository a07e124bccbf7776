import { messageId, type OutboxEntry } from '../../../src/reactions/outbox/message.js';

/** A message under way, with what the test cares about. */
export const entryOf = (change: Partial<OutboxEntry>): OutboxEntry => ({
  id: messageId('a test'),
  receiver: 'test',
  kind: 'told',
  payload: {},
  source: 'a test',
  state: 'waiting',
  attempts: 1,
  lease: 1,
  lastFault: undefined,
  dueAt: new Date(0),
  createdAt: new Date(0),
  endedAt: undefined,
  handledBy: undefined,
  sequence: 1n,
  ...change,
});
