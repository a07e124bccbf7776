import type { CommandMeta, CommandResult } from '../../commands/handling/command.js';
import type { OrderCommands } from '../../commands/order/commands.js';
import { isReturn, type Sighting } from '../../domain/order/sighting.js';
import type { SeenBy } from '../../domain/order/state.js';
import { sha256Of } from './inbox.js';
import type { PaymentProvider } from './provider.js';

export type Door = Pick<OrderCommands, 'applySighting' | 'flagStray'>;

/** The sha256 of a sighting that came in no bytes of its own. */
export const evidenceOf = (sighting: Sighting): string =>
  sha256Of(
    JSON.stringify([
      sighting.orderId,
      sighting.providerPayment,
      sighting.merchant,
      sighting.currency,
      sighting.amountMinor.toString(),
      sighting.at.toISOString(),
      sighting.what,
    ]),
  );

export interface Seen {
  readonly by: SeenBy;
  readonly sha256?: string | undefined;
  /** Money for an order that there is not: `later`, it may be seen in a moment, or `flag`, somebody has to look. */
  readonly strays: 'later' | 'flag';
  readonly meta: CommandMeta;
}

type SeenWith = Pick<PaymentProvider, 'id' | 'revision' | 'merchant'>;
type Passed = CommandResult<{ readonly orderId: string }>;

/** What a provider said, through the one door: one after another, and the first refusal ends it. Undefined where it said nothing. */
export async function through(
  commands: Door,
  provider: SeenWith,
  sightings: readonly Sighting[],
  seen: Seen,
): Promise<Passed | undefined> {
  let last: Passed | undefined;
  for (const sighting of sightings) {
    last = await passed(commands, provider, sighting, seen);
    if (!last.ok) return last;
  }
  return last;
}

async function passed(
  commands: Door,
  { id: providerId, revision: providerRevision, merchant }: SeenWith,
  sighting: Sighting,
  { by: seenBy, sha256, strays, meta }: Seen,
): Promise<Passed> {
  const { orderId } = sighting;
  const evidenceSha256 = sha256 ?? evidenceOf(sighting);
  const seen = { sighting, providerId, providerRevision, merchant, seenBy, evidenceSha256 };
  const applied: Passed =
    orderId === '' && !isReturn(sighting.what)
      ? { ok: false, refusal: { code: 'order_not_found' } }
      : await commands.applySighting(seen, meta);
  if (applied.ok || applied.refusal.code !== 'order_not_found' || strays === 'later') return applied;
  // Of money that did not come, nobody has to know.
  if (sighting.what !== 'paid') return { ok: true, value: { orderId }, position: 0n, replayed: true };
  const flagged = await commands.flagStray({ sighting, providerId, seenBy, evidenceSha256 }, meta);
  return flagged.ok ? { ...flagged, value: { orderId } } : flagged;
}
