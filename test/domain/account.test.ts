import { describe, expect, it } from '@jest/globals';
import { accountDecider } from '../../src/domain/account/decide.js';
import { firstProfile, mergeProfile } from '../../src/domain/account/profile.js';
import { specification } from '../support/decider-specification.js';
import { ACCOUNT_ID, anEvent } from '../support/events.js';

const { given } = specification(accountDecider);
// The command leaves out what has not changed, so that the decision need not open what is sealed.
const profiles = specification(accountDecider, { repeatable: false });
const registered = anEvent('account-registered');
const erased = anEvent('account-erased');
const because = { reason: 'chargeback', by: 'operator:ann' };
const account_id = ACCOUNT_ID;

describe('an account', () => {
  it('is registered once', () => {
    given().when({ type: 'register', account: registered.data }).then(registered);
    given(registered).when({ type: 'register', account: registered.data }).thenReplayed();
  });

  it('takes only the changes of a profile', () => {
    profiles
      .given(registered)
      .when({ type: 'update-profile', changes: { username: 'bob' } })
      .then({ type: 'account-profile-updated', data: { account_id, username: 'bob' } });
    given(registered).when({ type: 'update-profile', changes: {} }).thenNothing();
    given().when({ type: 'update-profile', changes: {} }).thenRefused({ code: 'account_not_found' });
  });

  it('is suspended and reinstated', () => {
    const suspended = { type: 'account-suspended', data: { account_id, ...because } } as const;
    const reinstated = { type: 'account-reinstated', data: { account_id, ...because } } as const;
    given(registered)
      .when({ type: 'suspend', ...because })
      .then(suspended);
    given(registered, suspended)
      .when({ type: 'suspend', ...because })
      .thenReplayed();
    given(registered, suspended)
      .when({ type: 'reinstate', ...because })
      .then(reinstated);
    given(registered)
      .when({ type: 'reinstate', ...because })
      .thenReplayed();
  });

  it('moves to another group', () => {
    const by = because.by;
    given(registered)
      .when({ type: 'change-group', group: 'vip', by })
      .then({ type: 'account-group-changed', data: { account_id, group: 'vip', by } });
    given(registered).when({ type: 'change-group', group: 'default', by }).thenReplayed();
  });

  it('is erased once, and can then do nothing else', () => {
    given(registered)
      .when({ type: 'erase', ...because })
      .then({ type: 'account-erased', data: { account_id, ...because } });
    given(registered, erased)
      .when({ type: 'erase', ...because })
      .thenReplayed();
    given(registered, erased)
      .when({ type: 'suspend', ...because })
      .thenRefused({ code: 'account_erased' });
    given()
      .when({ type: 'erase', ...because })
      .thenRefused({ code: 'account_not_found' });
  });
});

describe('a profile', () => {
  const first = firstProfile('u-1', { username: 'alice', affCode: 'A1', phone: '1' });

  it('begins with what was given, an address of its own and nothing else', () => {
    expect(first).toMatchObject({ username: 'alice', loginType: 'email', affCode: 'A1' });
    expect(first.personal).toMatchObject({ email: 'u-1@external.local', phone: '1', display_name: '' });
  });

  it('keeps what is absent, clears what is empty, and always has a name', () => {
    const next = mergeProfile(first, { username: '', phone: '', loginType: 'sms' });
    expect(next).toMatchObject({ username: 'alice', loginType: 'sms', affCode: 'A1' });
    expect(next.personal).toEqual({ ...first.personal, phone: '' });
  });
});
