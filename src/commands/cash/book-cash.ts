import { cashDecider } from '../../domain/cash/decide.js';
import { cashStream } from '../../domain/streams.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { cashIdOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { CashCommands } from './commands.js';

/** What a provider calls so is booked once: the stream that its name makes begins with it, and cannot begin twice. */
export function bookCash(dependencies: CommandDependencies): Handler<CashCommands['bookCash']> {
  return ({ providerId, kind, reference, currency, amountMinor, quota, at, ...said }, meta) =>
    handle(dependencies, 'book-cash', meta, async () => {
      const cashId = cashIdOf(providerId, kind, reference);
      const cash = await load(dependencies.store, cashStream(cashId), cashDecider);
      if (!dependencies.booksCash && !cash.state) return refused({ code: 'cash_off' });
      const terms = {
        ...{ cash_id: cashId, provider_id: providerId, kind, reference, currency, quota },
        ...{ amount_minor: amountMinor, at: at.toISOString() },
        ...{ evidence_sha256: said.evidenceSha256, reason: said.reason, by: meta.actor },
      };
      return planOne(cash, cashDecider.decide({ type: 'book', terms }, cash.state), { cashId });
    });
}
