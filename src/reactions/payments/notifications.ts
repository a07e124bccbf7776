import { randomUUID } from 'node:crypto';
import { isUnavailable } from '../../support/unavailable.js';
import { type PaymentInbox, sent, sha256Of, type Verdict } from './inbox.js';
import { type Door, through } from './one-door.js';
import type { HttpAnswer, Notification, PaymentProvider, PaymentProviders, RawRequest } from './provider.js';

export interface NotificationParts {
  readonly commands: Door;
  readonly providers: PaymentProviders;
  readonly inbox: Pick<PaymentInbox, 'keep' | 'understand' | 'judge' | 'noteForged'>;
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
  const revisions = await parts.providers.revisions(providerId);
  const [newest] = revisions;
  if (!newest) return undefined;
  const { provider, read } = verified(revisions, request) ?? { provider: newest, read: 'forged' as const };
  try {
    const verdict = await judged(parts, provider, request, read);
    parts.onVerdict(providerId, verdict);
    const isKept = verdict === 'stored' || verdict === 'ignored';
    return provider.acknowledge(isKept ? 'stored' : verdict === 'forged' ? 'forged' : 'later');
  } catch (error) {
    parts.onVerdict(providerId, 'later');
    if (!isUnavailable(error)) parts.onFault(error);
    return provider.acknowledge('later');
  }
}

/** What was ordered under an older configuration is signed with its key. */
function verified(revisions: readonly PaymentProvider[], request: RawRequest) {
  for (const provider of revisions) {
    const read = provider.readNotification(request);
    if (read !== 'forged') return { provider, read };
  }
  return undefined;
}

/** An order that nobody can see yet is waited for so long: then somebody has to look. */
export const STRAY_AFTER_MS = 60_000;

async function judged(
  { commands, inbox, now }: NotificationParts,
  provider: PaymentProvider,
  request: RawRequest,
  read: Notification | 'ignored' | 'forged',
): Promise<Verdict> {
  if (read === 'forged') {
    await inbox.noteForged(provider.id, request, now());
    return 'forged';
  }
  const orderIds = read === 'ignored' ? [] : [...new Set(read.orderIds)];
  const sha256 = sha256Of(provider.signedPart?.(request) ?? sent(request));
  const { id, receivedAt } = await inbox.keep(provider.id, request, sha256, orderIds, now());
  const sightings = read === 'ignored' ? [] : await read.sightings();
  await inbox.understand(id, provider.revision, sightings);
  const result = await through(commands, provider, sightings, {
    by: 'notification',
    sha256,
    strays: now().getTime() - receivedAt.getTime() >= STRAY_AFTER_MS ? 'flag' : 'later',
    meta: { actor: `provider:${provider.id}`, requestId: randomUUID(), receivedAt: now() },
  });
  // Of an order that nobody can see yet it is said again, or the sweep comes back to it.
  const verdict = result ? (result.ok ? 'stored' : 'later') : 'ignored';
  await inbox.judge(id, verdict);
  return verdict;
}
