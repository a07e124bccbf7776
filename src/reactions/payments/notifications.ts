import { randomUUID } from 'node:crypto';
import type { OrderCommands } from '../../commands/order/commands.js';
import { isUnavailable } from '../../support/unavailable.js';
import { type PaymentInbox, sent, sha256Of, type Verdict } from './inbox.js';
import { through } from './one-door.js';
import type { HttpAnswer, PaymentProvider, PaymentProviders, RawRequest } from './provider.js';

export interface NotificationParts {
  readonly commands: Pick<OrderCommands, 'applySighting'>;
  readonly providers: PaymentProviders;
  readonly inbox: Pick<PaymentInbox, 'keep' | 'judge' | 'noteForged'>;
  readonly now: () => Date;
  /** What became of one. */
  readonly onVerdict: (providerId: string, verdict: Verdict) => void;
  /** Something went wrong that is tried again when it is sent again. */
  readonly onFault: (error: unknown) => void;
}

/**
 * What a provider sends. It is answered after what it says is durable, and never before: a provider that hears nothing of success sends it
 * again.
 */
export async function receive(
  parts: NotificationParts,
  providerId: string,
  request: RawRequest,
): Promise<HttpAnswer | undefined> {
  const provider = parts.providers.find(providerId);
  if (!provider) return undefined;
  try {
    const verdict = await judged(parts, provider, request);
    parts.onVerdict(providerId, verdict);
    const isKept = verdict === 'stored' || verdict === 'ignored';
    return provider.acknowledge(isKept ? 'stored' : verdict === 'forged' ? 'forged' : 'later');
  } catch (error) {
    parts.onVerdict(providerId, 'later');
    if (!isUnavailable(error)) parts.onFault(error);
    return provider.acknowledge('later');
  }
}

async function judged(
  { commands, inbox, now }: NotificationParts,
  provider: PaymentProvider,
  request: RawRequest,
): Promise<Verdict> {
  const read = provider.readNotification(request);
  if (read === 'forged') {
    await inbox.noteForged(provider.id, request, now());
    return 'forged';
  }
  const sightings = read === 'ignored' ? [] : read;
  const orderIds = [...new Set(sightings.map(({ orderId }) => orderId))];
  const id = await inbox.keep(provider.id, request, orderIds, now());
  const result = await through(commands, provider, sightings, {
    by: 'notification',
    sha256: sha256Of(sent(request)),
    meta: { actor: `provider:${provider.id}`, requestId: randomUUID(), receivedAt: now() },
  });
  // An order that nobody can see yet: the provider says it again, or is asked.
  const verdict = result ? (result.ok ? 'stored' : 'later') : 'ignored';
  await inbox.judge(id, verdict);
  return verdict;
}
