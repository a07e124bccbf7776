import { z } from 'zod';
import { messageStates, type OutboxEntry } from '../../../../reactions/outbox/message.js';
import { type BoundEndpoint, endpoint, type FailureRow } from '../../../endpoint.js';
import { HttpFailure } from '../../../failure.js';
import { text } from '../../../fields.js';
import { pageInput, seconds } from '../paging.js';

const notFound: FailureRow = [404, 'message_not_found', '消息不存在'];
const notDead: FailureRow = [409, 'message_not_dead', '消息未失败，也未被放弃'];
const gone: FailureRow = [409, 'message_gone', '消息已送达或已放弃'];
const english: Readonly<Record<string, string>> = {
  message_not_found: 'No such message',
  message_not_dead: 'The message is neither dead nor given up',
  message_gone: 'The message was delivered or given up before',
};
const failing = ([status, code, zh]: FailureRow) =>
  new HttpFailure({ status, code, text: { zh, en: english[code] ?? code } });

const moment = z.int().meta({ description: 'unix seconds' });

const message = z
  .object({
    id: z.string(),
    state: z.enum(messageStates).meta({ description: '`dead`: every attempt failed' }),
    receiver: z.string(),
    kind: z.string().meta({ description: 'what it is about' }),
    source: z.string().meta({ description: 'the reaction it comes from, or `alerts`' }),
    attempts: z.int(),
    fault: z.string().nullable().meta({ description: 'why the last attempt failed' }),
    created_at: moment,
    due_at: moment.nullable().meta({ description: 'of the next attempt' }),
    ended_at: moment.nullable(),
    handled_by: z.string().nullable().meta({ description: 'who gave it up, or had it sent again' }),
  })
  .meta({ id: 'OutboxMessage' });

const present = (entry: OutboxEntry) => ({
  id: entry.id,
  state: entry.state,
  receiver: entry.receiver,
  kind: entry.kind,
  source: entry.source,
  attempts: entry.attempts,
  fault: entry.lastFault ?? null,
  created_at: seconds(entry.createdAt),
  due_at: entry.state === 'waiting' ? seconds(entry.dueAt) : null,
  ended_at: entry.endedAt ? seconds(entry.endedAt) : null,
  handled_by: entry.handledBy ?? null,
});

const example = {
  id: '5b1c6d6e-9d6b-4c66-9b59-0d3f4f4c7e10',
  state: 'dead' as const,
  receiver: 'user-webhook',
  kind: 'balance-low',
  source: 'user-alerts',
  attempts: 16,
  fault: 'it answered 503',
  created_at: 1795219200,
  due_at: null,
  ended_at: 1795237200,
  handled_by: null,
};
const waiting = { ...example, state: 'waiting' as const, attempts: 0, due_at: 1795240000, ended_at: null };

const ofOutbox = { area: 'admin', access: 'mail:read', refusals: [] } as const;
const acting = { ...ofOutbox, method: 'post', access: 'mail:write' } as const;
const idInput = z.object({ id: z.uuid() });

const list = endpoint({
  ...ofOutbox,
  method: 'get',
  path: '/outbox',
  operationId: 'adminListOutbox',
  summary: 'List messages that go out',
  description:
    'Alerts, webhooks and whatever else follows from events outside the ledger, the newest first: what waits, was delivered, failed for good or was given up. `next` is to be given as `before`.',
  input: z.object({
    state: z.enum(messageStates).optional(),
    receiver: text(1, 100).optional(),
    source: text(1, 100).optional(),
    before: z
      .string()
      .regex(/^\d{1,18}$/)
      .optional(),
    limit: pageInput.limit,
  }),
  data: z.object({ messages: z.array(message), next: z.string().nullable() }),
  example: { data: { messages: [example], next: null } },
  handle: async ({ state, receiver, source, before, limit }, { admin }) => {
    const query = { state, receiver, source, limit: limit + 1 };
    const found = await admin.outbox.list({
      ...query,
      before: before === undefined ? undefined : BigInt(before),
    });
    const shown = found.slice(0, limit);
    const next = found.length > limit ? (shown.at(-1)?.sequence.toString() ?? null) : null;
    return { data: { messages: shown.map(present), next } };
  },
});

const view = endpoint({
  ...ofOutbox,
  method: 'get',
  path: '/outbox/{id}',
  operationId: 'adminShowOutboxMessage',
  summary: 'Show a message that goes out',
  description: 'With what it says. Addresses and secrets are with its receiver, not in it.',
  input: idInput,
  data: z.object({ ...message.shape, payload: z.record(z.string(), z.unknown()) }),
  failures: [notFound],
  example: { data: { ...example, payload: { account: 'user_001', balance_usd: '0.42' } } },
  handle: async ({ id }, { admin }) => {
    const found = await admin.outbox.find(id);
    if (!found) throw failing(notFound);
    return { data: { ...present(found), payload: found.payload } };
  },
});

const retry = endpoint({
  ...acting,
  path: '/outbox/{id}/retry',
  operationId: 'adminRetryOutboxMessage',
  summary: 'Send a message again',
  description:
    'One that is dead or was given up, from the first attempt on. Its receiver does nothing where it has had it.',
  input: idInput,
  bodyOptional: true,
  data: message,
  failures: [notFound, notDead],
  example: { data: waiting },
  handle: async ({ id }, { admin, meta }) => {
    const count = await admin.outbox.retry([id], meta.actor);
    const found = await admin.outbox.find(id);
    if (!found) throw failing(notFound);
    if (count === 0) throw failing(notDead);
    return { data: present(found) };
  },
});

const retryAll = endpoint({
  ...acting,
  path: '/outbox/retry',
  operationId: 'adminRetryOutbox',
  summary: 'Send all dead messages of a receiver again',
  description: 'From the first attempt on.',
  input: z.object({ receiver: text(1, 100) }),
  data: z.object({ messages: z.int().meta({ description: 'that will be sent again' }) }),
  example: { request: { receiver: 'user-webhook' }, data: { messages: 3 } },
  handle: async ({ receiver }, { admin, meta }) => ({
    data: { messages: await admin.outbox.retry({ receiver }, meta.actor) },
  }),
});

const discard = endpoint({
  ...acting,
  path: '/outbox/{id}/discard',
  operationId: 'adminDiscardOutboxMessage',
  summary: 'Give up a message',
  description: 'One that is dead or waits.',
  input: idInput,
  bodyOptional: true,
  data: message,
  failures: [notFound, gone],
  example: { data: { ...example, state: 'discarded', handled_by: 'operator:alice' } },
  handle: async ({ id }, { admin, meta }) => {
    const wasThere = await admin.outbox.discard(id, meta.actor);
    const found = await admin.outbox.find(id);
    if (!found) throw failing(notFound);
    if (!wasThere) throw failing(gone);
    return { data: present(found) };
  },
});

export const outboxEndpoints: readonly BoundEndpoint[] = [list, retryAll, view, retry, discard];
