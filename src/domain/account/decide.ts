import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import type { DataIn } from '../stored/event-in.js';
import { accountEvents } from './events.js';
import { type Account, type AccountEvent, type AccountState, evolveAccount } from './state.js';

export type AccountCommand =
  | { readonly type: 'register'; readonly account: DataIn<typeof accountEvents, 'account-registered'> }
  | {
      readonly type: 'update-profile';
      readonly changes: Omit<DataIn<typeof accountEvents, 'account-profile-updated'>, 'account_id'>;
    }
  | { readonly type: 'suspend' | 'reinstate' | 'erase'; readonly reason: string; readonly by: string }
  | { readonly type: 'change-group'; readonly group: string; readonly by: string };

type Decided = Decision<AccountEvent>;

function decide(command: AccountCommand, state: AccountState): Decided {
  if (command.type === 'register') return state ? replay() : accept(registered(command.account));
  if (!state) return refuse({ code: 'account_not_found' });
  if (command.type === 'erase') return state.erased ? replay() : accept(erased(state, command));
  if (state.erased) return refuse({ code: 'account_erased' });
  const account_id = state.accountId;
  switch (command.type) {
    case 'update-profile':
      if (Object.values(command.changes).every((value) => value === undefined)) return accept();
      return accept({ type: 'account-profile-updated', data: { account_id, ...command.changes } });
    case 'suspend':
      if (state.suspended) return replay();
      return accept({
        type: 'account-suspended',
        data: { account_id, reason: command.reason, by: command.by },
      });
    case 'reinstate':
      if (!state.suspended) return replay();
      return accept({
        type: 'account-reinstated',
        data: { account_id, reason: command.reason, by: command.by },
      });
    case 'change-group':
      if (state.group === command.group) return replay();
      return accept({
        type: 'account-group-changed',
        data: { account_id, group: command.group, by: command.by },
      });
  }
}

function registered(data: DataIn<typeof accountEvents, 'account-registered'>): AccountEvent {
  return { type: 'account-registered', data };
}

function erased(account: Account, { reason, by }: { reason: string; by: string }): AccountEvent {
  return { type: 'account-erased', data: { account_id: account.accountId, reason, by } };
}

export const accountDecider: Decider<AccountState, AccountCommand, AccountEvent> = {
  initialState: () => undefined,
  evolve: evolveAccount,
  decide,
  events: accountEvents,
};
