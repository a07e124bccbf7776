import { describe, it } from '@jest/globals';
import { type GrantCommand, grantDecider } from '../../src/domain/grant/decide.js';
import type { GrantEvent, GrantState } from '../../src/domain/grant/state.js';
import { CREDIT_CEILING } from '../../src/domain/money/quota.js';
import { specification } from '../support/decider-specification.js';
import { ACCOUNT_ID, anEvent } from '../support/events.js';

const given = anEvent('grant-given');
const { by } = given.data;
const give = (terms: Partial<typeof given.data> = {}, balance = 0n) =>
  ({ type: 'give', terms: { ...given.data, ...terms }, balance }) as const;
const holdId = anEvent('grant-expired').data.hold_id;
const end = { type: 'end', quota: 500_000n, holdId, by: 'system' } as const;

describe('a grant', () => {
  const { given: having } = specification<GrantState, GrantCommand, GrantEvent>(grantDecider);
  const close = { type: 'close', why: 'ended', holdId, reason: '', by: 'system' } as const;
  const takeBack = { ...close, why: 'withdrawn', reason: 'given by mistake', by } as const;
  const closed = anEvent('grant-closed');
  const closedByOperator = anEvent('grant-closed', { why: 'withdrawn', reason: 'given by mistake', by });

  it('is given once a source', () => {
    having().when(give()).then(given);
    having(given)
      .when(give({ reason: 'again', priority: 1 }))
      .thenReplayed();
    having(given)
      .when(give({ quota: 1n }))
      .thenRefused({ code: 'grant_conflict', field: 'quota' });
    having(given)
      .when(give({ kind: 'code' }))
      .thenRefused({ code: 'grant_conflict', field: 'kind' });
    having(given)
      .when(give({ account_id: ACCOUNT_ID.replace('1', '2') }))
      .thenRefused({ code: 'grant_conflict', field: 'external_user_id' });
  });

  it('is something, and lifts no balance above its ceiling', () => {
    having()
      .when(give({ quota: 0n }))
      .thenRefused({ code: 'amount_invalid', field: 'quota' });
    having().when(give({}, CREDIT_CEILING)).thenRefused({ code: 'balance_ceiling', max: CREDIT_CEILING });
  });

  it('is closed, and then what is left of it ends', () => {
    having(given).when(close).then(closed);
    having(given, closed).when(end).then(anEvent('grant-expired'));
    having(given, closed, anEvent('grant-expired')).when(end).thenReplayed();
    having().when(close).thenRefused({ code: 'grant_not_found' });
  });

  it('is taken back with the reason of whoever closed it', () => {
    having(given).when(takeBack).then(closedByOperator);
    having(given, closedByOperator)
      .when(end)
      .then(anEvent('grant-withdrawn', { by: 'system' }));
    having(given, closed).when(takeBack).thenRefused({ code: 'grant_over' });
  });

  it('loses a part once for each thing that it can be for', () => {
    const withdrawalId = 'refund:RF1';
    const part = {
      type: 'withdraw-part',
      withdrawalId,
      quota: 2n,
      holdId: holdId ?? '',
      reason: 'refund',
      by,
    } as const;
    const withdrawn = anEvent('grant-withdrawn', {
      withdrawal_id: withdrawalId,
      quota: 2n,
      reason: 'refund',
    });
    having(given).when(part).then(withdrawn);
    having(given, withdrawn)
      .when({ ...part, quota: 3n })
      .thenReplayed();
    having(given, closed).when(part).thenRefused({ code: 'grant_over' });
    having(given)
      .when({ ...part, quota: 0n })
      .thenRefused({ code: 'amount_invalid', field: 'quota' });
  });
});
