import type { CommandMeta, CommandResult } from '../../commands/handling/command.js';
import type { OrderCommands, OrderStanding } from '../../commands/order/commands.js';
import type { Sighting } from '../../domain/order/sighting.js';
import type { SeenBy } from '../../domain/order/state.js';
import { sha256Of } from './inbox.js';
import type { PaymentProvider } from './provider.js';

type Door = Pick<OrderCommands, 'applySighting'>;

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

/** What a provider said, through the one door: one after another, and the first refusal ends it. Undefined where it said nothing. */
export async function through(
  commands: Door,
  provider: PaymentProvider,
  sightings: readonly Sighting[],
  seen: { readonly by: SeenBy; readonly sha256?: string | undefined; readonly meta: CommandMeta },
): Promise<CommandResult<OrderStanding> | undefined> {
  let last: CommandResult<OrderStanding> | undefined;
  for (const sighting of sightings) {
    last = await commands.applySighting(
      {
        sighting,
        providerId: provider.id,
        merchant: provider.merchant,
        seenBy: seen.by,
        evidenceSha256: seen.sha256 ?? evidenceOf(sighting),
      },
      seen.meta,
    );
    if (!last.ok) return last;
  }
  return last;
}
