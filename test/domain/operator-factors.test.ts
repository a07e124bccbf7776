import { describe, it } from '@jest/globals';
import { operatorDecider } from '../../src/domain/operator/decide.js';
import { specification } from '../support/decider-specification.js';
import { anEvent } from '../support/events.js';

const { given } = specification(operatorDecider);
const by = 'service-key:test';
const created = anEvent('operator-created', { by });
const added = anEvent('operator-second-factor-added', { by });
const removed = anEvent('operator-second-factor-removed', { by });
const one = { kind: 'totp', id: 'one' } as const;
const other = { kind: 'totp', id: 'other' } as const;
const change = { type: 'change-factors', name: 'alice', by, add: [], remove: [] } as const;

describe("an operator's factors", () => {
  it('are added and removed once', () => {
    given(created)
      .when({ ...change, add: [one] })
      .then(added);
    given(created, added)
      .when({ ...change, add: [one] })
      .thenReplayed();
    given(created, added)
      .when({ ...change, remove: [one] })
      .then(removed);
    given(created, added, removed)
      .when({ ...change, remove: [one] })
      .thenReplayed();
  });

  it('are exchanged in one act', () => {
    given(created, added)
      .when({ ...change, add: [other], remove: [one] })
      .then(removed, anEvent('operator-second-factor-added', { by, factor_id: 'other' }));
  });

  it('are twenty passkeys at most, beside whatever else, and one that is removed makes room', () => {
    const key = (id: number) => ({ kind: 'passkey', id: `key-${id}` }) as const;
    const keyAdded = (id: number) =>
      anEvent('operator-second-factor-added', { by, factor: 'passkey', factor_id: `key-${id}` });
    const full = Array.from({ length: 20 }, (_, id) => keyAdded(id));
    given(created, ...full)
      .when({ ...change, add: [key(20)] })
      .thenRefused({ code: 'too_many_passkeys' });
    given(created, ...full)
      .when({ ...change, add: [key(19)] })
      .thenReplayed();
    given(created, ...full)
      .when({ ...change, add: [one] })
      .then(added);
    given(
      created,
      ...full,
      anEvent('operator-second-factor-removed', { by, factor: 'passkey', factor_id: 'key-0' }),
    )
      .when({ ...change, add: [key(20)] })
      .then(keyAdded(20));
  });

  it('are of operators that there are', () => {
    given()
      .when({ ...change, add: [one] })
      .thenRefused({ code: 'operator_not_found' });
  });
});
