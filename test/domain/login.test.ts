import { describe, it } from '@jest/globals';
import { loginDecider } from '../../src/domain/login/decide.js';
import { specification } from '../support/decider-specification.js';
import { ACCOUNT_ID, anEvent } from '../support/events.js';

const { given } = specification(loginDecider);
const each = specification(loginDecider, { repeatable: false });
const by = 'service-key:test';
const login = { accountId: ACCOUNT_ID, by };
const opened = anEvent('login-opened');
const closed = anEvent('login-closed');
const email = '5e'.padEnd(64, 'a');
const verified = anEvent('email-verified', { email_hash: email });
const factor = { kind: 'passkey', id: 'key-1' } as const;
const other = { kind: 'passkey', id: 'key-2' } as const;
const added = anEvent('second-factor-added', { factor: 'passkey', factor_id: 'key-1' });
const removed = anEvent('second-factor-removed', { factor: 'passkey', factor_id: 'key-1' });
const identity = { provider: 'github', hash: '7c'.padEnd(64, 'b') };

describe('a login', () => {
  it('is opened once, and never again once it was closed', () => {
    given()
      .when({ type: 'open', ...login })
      .then(opened);
    given(opened)
      .when({ type: 'open', ...login })
      .thenReplayed();
    given(opened, closed)
      .when({ type: 'open', ...login })
      .thenRefused({ code: 'login_closed' });
  });

  it('must be open for anything else to happen to it', () => {
    given()
      .when({ type: 'change-password', ...login })
      .thenRefused({ code: 'login_not_found' });
    given(opened, closed)
      .when({ type: 'verify-email', email, ...login })
      .thenRefused({ code: 'login_closed' });
  });

  it('is closed once; what was never opened need not be', () => {
    given(opened)
      .when({ type: 'close', ...login })
      .then(closed);
    given()
      .when({ type: 'close', ...login })
      .thenReplayed();
  });

  it('knows the address that was verified last', () => {
    given(opened)
      .when({ type: 'verify-email', email, ...login })
      .then(verified);
    const another = 'ab'.padEnd(64, 'c');
    given(opened, verified)
      .when({ type: 'verify-email', email: another, ...login })
      .then(anEvent('email-verified', { email_hash: another }));
  });

  it('tells of every change of the password', () => {
    each
      .given(opened)
      .when({ type: 'change-password', ...login })
      .then(anEvent('login-password-changed'));
  });

  it('has factors, each by its id', () => {
    given(opened)
      .when({ type: 'add-factor', factor, ...login })
      .then(added);
    given(opened, added)
      .when({ type: 'add-factor', factor: other, ...login })
      .then(anEvent('second-factor-added', { factor: 'passkey', factor_id: 'key-2' }));
    given(opened, added)
      .when({ type: 'remove-factor', factor, ...login })
      .then(removed);
    given(opened, added)
      .when({ type: 'remove-factor', factor: other, ...login })
      .thenReplayed();
  });

  it('has identities elsewhere, linked and unlinked', () => {
    const linked = anEvent('identity-linked');
    given(opened)
      .when({ type: 'link-identity', identity, ...login })
      .then(linked);
    given(opened, linked)
      .when({ type: 'unlink-identity', identity, ...login })
      .then(anEvent('identity-unlinked'));
    given(opened)
      .when({ type: 'unlink-identity', identity, ...login })
      .thenReplayed();
  });
});
