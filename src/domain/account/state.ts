import type { DataIn, EventIn } from '../stored/event-in.js';
import type { Sealed } from '../stored/fields.js';
import type { accountEvents } from './events.js';

export type AccountEvent = EventIn<typeof accountEvents>;
export type LoginType = DataIn<typeof accountEvents, 'account-registered'>['login_type'];

export interface Account {
  readonly accountId: string;
  readonly userId: number;
  readonly externalUserId: string;
  readonly username: string;
  readonly loginType: LoginType;
  readonly affCode: string;
  readonly group: string;
  readonly personal: Sealed;
  readonly suspended: boolean;
  /** Who suspended it, while it is. */
  readonly suspendedBy?: string | undefined;
  readonly erased: boolean;
}

/** Undefined before the account is registered. */
export type AccountState = Account | undefined;

export function evolveAccount(state: AccountState, event: AccountEvent): AccountState {
  if (event.type === 'account-registered') {
    const { data } = event;
    return {
      accountId: data.account_id,
      userId: data.user_id,
      externalUserId: data.external_user_id,
      username: data.username,
      loginType: data.login_type,
      affCode: data.aff_code,
      group: data.group,
      personal: data.personal,
      suspended: false,
      erased: false,
    };
  }
  if (!state) throw new Error(`${event.type} comes before the account was registered`);
  switch (event.type) {
    case 'account-profile-updated':
      return {
        ...state,
        username: event.data.username ?? state.username,
        loginType: event.data.login_type ?? state.loginType,
        affCode: event.data.aff_code ?? state.affCode,
        personal: event.data.personal ?? state.personal,
      };
    case 'account-suspended':
      return { ...state, suspended: true, suspendedBy: event.data.by };
    case 'account-reinstated':
      return { ...state, suspended: false, suspendedBy: undefined };
    case 'account-group-changed':
      return { ...state, group: event.data.group };
    case 'account-erased':
      return { ...state, erased: true };
  }
}
