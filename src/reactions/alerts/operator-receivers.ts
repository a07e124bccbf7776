import { z } from 'zod';
import type { AlertAddresses } from '../../commands/alert/ports.js';
import type { MailQueue } from '../../commands/login/ports.js';
import { type AlertTerms, isToldOf } from '../../domain/setting/alerts.js';
import { type Message, messageId, type OutboxEntry } from '../outbox/message.js';
import type { Receipt, Receiver } from '../outbox/receiver.js';
import { chatBody } from './chat-rooms.js';
import { type PostJson, posted, postSigned } from '../receivers/signed-post.js';
import { operatorMail } from './operator-mail.js';

/** Names of receivers, which messages in the outbox have: all that operators named together, and one webhook of theirs. */
export const [OPERATORS, OPERATOR_WEBHOOK] = ['operators', 'operator-webhook'] as const;

export interface OperatorReceiverParts {
  readonly terms: () => Promise<AlertTerms>;
  readonly addressOf: AlertAddresses['find'];
  readonly mails: MailQueue;
  /** Puts messages among those that are on their way. */
  readonly add: (messages: readonly Message[]) => Promise<void>;
  readonly post: PostJson;
  readonly publicUrl: () => string;
  readonly now: () => Date;
}

/** What is read of a message; the rest goes on as it is. */
const toldSchema = z.object({
  kind: z.string().optional(),
  severity: z.string().optional(),
  summary: z.string().optional(),
  /** Of a test: whom it is for. */
  only: z.string().optional(),
});

/** Whoever operators named in the settings, as they are when the message goes out: each has a message of its own, and is tried by itself. */
export const operatorReceivers = (parts: OperatorReceiverParts): readonly Receiver[] => [
  { name: OPERATORS, send: (entry) => tellAll(parts, entry) },
  { name: OPERATOR_WEBHOOK, send: (entry, signal) => post(parts, entry, signal) },
];

async function tellAll(parts: OperatorReceiverParts, entry: OutboxEntry): Promise<Receipt> {
  const { kind = entry.kind, severity = 'warning', summary, only } = toldSchema.parse(entry.payload);
  const terms = await parts.terms();
  for (const [name, receiver] of Object.entries(terms.receivers)) {
    const isMeant = only === undefined ? isToldOf(terms, receiver, { kind, severity }) : name === only;
    const address = isMeant ? await parts.addressOf(name) : undefined;
    const id = messageId('operator', entry.id, name);
    if (address?.kind === 'mail')
      await parts.mails.add(
        {
          id,
          kind: 'alert',
          accountId: undefined,
          to: address.to,
          content: operatorMail(
            { event: entry.kind, kind, summary },
            address.language,
            `${parts.publicUrl()}/admin/alerts`,
          ),
        },
        parts.now(),
      );
    else if (address)
      await parts.add([
        {
          id,
          receiver: OPERATOR_WEBHOOK,
          kind: entry.kind,
          ...(entry.orderKey !== undefined && { orderKey: `${name}/${entry.orderKey}` }),
          payload: { ...entry.payload, to: name },
        },
      ]);
  }
  return { kind: 'delivered' };
}

async function post(
  parts: OperatorReceiverParts,
  { id, kind, payload }: OutboxEntry,
  signal: AbortSignal,
): Promise<Receipt> {
  const { to, ...told } = payload;
  const address = await parts.addressOf(String(to));
  if (address?.kind !== 'webhook')
    return { kind: 'rejected', reason: 'nobody of this name is told any more' };
  const { kind: about = kind, summary } = toldSchema.parse(told);
  const chat = chatBody(
    address.url,
    { event: kind, kind: about, summary },
    `${parts.publicUrl()}/admin/alerts`,
  );
  if (chat) return posted(parts.post, { url: address.url, body: JSON.stringify(chat), headers: {} }, signal);
  return postSigned(parts, address, { id, event: kind, ...told }, signal);
}
