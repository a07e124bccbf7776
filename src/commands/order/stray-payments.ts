import type { Sighting } from '../../domain/order/sighting.js';
import { strayDecider } from '../../domain/stray/decide.js';
import type { Stray } from '../../domain/stray/state.js';
import { strayStream } from '../../domain/streams.js';
import type { CommandMeta, CommandResult, Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { strayFlagIdOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { planOne } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { ApplySighting, FlaggedStray, OrderCommands } from './commands.js';

const loadStray = ({ store }: CommandDependencies, flagId: string) =>
  load(store, strayStream(flagId), strayDecider);

/** Money of which nobody knows what it is for: one flag a payment, however often it is seen. */
export function flagStray(dependencies: CommandDependencies): Handler<OrderCommands['flagStray']> {
  return ({ sighting, providerId, seenBy, evidenceSha256 }, meta) => {
    const flagId = strayFlagIdOf(providerId, sighting.providerPayment);
    return handle(dependencies, 'flag-stray-payment', meta, async () => {
      const stray = await loadStray(dependencies, flagId);
      const said = {
        flag_id: flagId,
        provider_id: providerId,
        provider_payment: sighting.providerPayment,
        named_order: sighting.orderId === '' ? null : sighting.orderId,
        amount_minor: sighting.amountMinor,
        currency: sighting.currency,
        merchant: sighting.merchant,
        paid_at: sighting.at.toISOString(),
        seen_by: seenBy,
        evidence_sha256: evidenceSha256,
        by: meta.actor,
      };
      return planOne(stray, strayDecider.decide({ type: 'flag', said }, stray.state), { flagId });
    });
  };
}

type Door = (seen: ApplySighting, meta: CommandMeta) => Promise<CommandResult<unknown>>;

/** What is credited goes through the one door of its order first; whoever dies in between leaves a flag that a repetition settles. */
export function settleStray(
  dependencies: CommandDependencies,
  throughDoor: Door,
): Handler<OrderCommands['settleStray']> {
  return async ({ flagId, decision, orderId, reason }, meta) => {
    const command = { type: 'settle', flagId, decision, orderId, reason, by: meta.actor } as const;
    const { state } = await loadStray(dependencies, flagId);
    const before = strayDecider.decide(command, state);
    if (before.kind === 'refused') return { ok: false, refusal: before.refusal };
    if (state && orderId !== undefined) {
      const taken = await throughDoor(seenAs(state.said, orderId), meta);
      if (!taken.ok) return taken;
    }
    return handle(dependencies, 'settle-stray-payment', meta, async (): Promise<Planned> => {
      const stray = await loadStray(dependencies, flagId);
      return planOne(stray, strayDecider.decide(command, stray.state), { flagId });
    });
  };
}

type Planned = ReturnType<typeof planOne<FlaggedStray>>;

/** As its provider said it, and for the order that an operator found. */
function seenAs(said: Stray['said'], orderId: string): ApplySighting {
  const sighting: Sighting = {
    orderId,
    providerPayment: said.provider_payment,
    merchant: said.merchant,
    currency: said.currency,
    amountMinor: said.amount_minor,
    at: new Date(said.paid_at),
    what: 'paid',
  };
  return {
    sighting,
    providerId: said.provider_id,
    merchant: said.merchant,
    seenBy: said.seen_by,
    evidenceSha256: said.evidence_sha256,
  };
}
