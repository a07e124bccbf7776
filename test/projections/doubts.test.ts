import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ACCOUNT_ID, anEvent, TOKEN_ID } from '../support/events.js';
import { createLedger, type Ledger } from './projector-setup.js';

/** Of nobody's doubt. */
const OTHER_ACCOUNT = '6f1c1d2e-0000-4000-8000-00000000000f';
const AT = new Date('2026-11-21T10:00:00Z');

describe('charges in doubt', () => {
  let ledger: Ledger;
  beforeEach(async () => {
    ledger = await createLedger(() => AT);
    await ledger.start();
    await ledger.given(anEvent('account-registered'), anEvent('token-issued'));
  });
  afterEach(() => ledger.close());

  const call = (model = 'm', reported = 'prompt_tokens -5') => {
    const call_id = randomUUID();
    const doubt = { reason: 'it is negative', reported };
    return anEvent('consumption-recorded', { call_id, request_id: `of ${call_id}`, model, doubt });
  };
  const settled = (of: ReturnType<typeof call>, quota: bigint) => {
    const about = { adjustment_id: `doubt:${of.data.call_id}`, account_id: ACCOUNT_ID };
    return quota === 0n
      ? anEvent('doubt-accepted', { ...about, call_id: of.data.call_id })
      : anEvent('balance-adjusted', { ...about, quota });
  };

  it('are listed with what was reported beside what was charged; other charges are not', async () => {
    const doubted = call();
    const position = await ledger.given(doubted);
    await ledger.given(anEvent('consumption-recorded'));
    const expected = {
      callId: doubted.data.call_id,
      requestId: doubted.data.request_id,
      externalUserId: 'user-1',
      tokenId: TOKEN_ID,
      model: 'm',
      promptTokens: 14,
      completionTokens: 18,
      quota: 27n,
      reason: 'it is negative',
      reported: 'prompt_tokens -5',
      position,
      recordedAt: AT,
      settled: undefined,
    };
    expect(await ledger.reads.doubts({}, 10)).toEqual([expected]);
    expect(await ledger.reads.doubt(doubted.data.call_id)).toEqual(expected);
    expect(await ledger.reads.doubt(doubted.data.request_id)).toEqual(expected);
    expect(await ledger.reads.doubt('nonsense')).toBeUndefined();
    expect(await ledger.reads.openDoubts()).toBe(1);
  });

  it('are settled by what is recorded of their call, and by no other correction', async () => {
    const [accepted, adjusted, open] = [call(), call(), call()];
    // In one batch with the charge, and in a later one.
    await ledger.given(accepted, settled(accepted, 0n), adjusted, open);
    await ledger.given(
      settled(adjusted, -7n),
      anEvent('balance-adjusted', { adjustment_id: 'a', quota: 3n }),
      anEvent('balance-adjusted', { adjustment_id: 'doubt:by hand', quota: 3n }),
      anEvent('balance-adjusted', {
        adjustment_id: `doubt:${open.data.call_id}`,
        account_id: OTHER_ACCOUNT,
        quota: 3n,
      }),
    );
    const found = await ledger.reads.doubts({}, 10);
    expect(found.map(({ callId, settled: how }) => [callId, how?.adjusted])).toEqual([
      [accepted.data.call_id, 0n],
      [adjusted.data.call_id, -7n],
      [open.data.call_id, undefined],
    ]);
    expect(found[0]?.settled).toEqual({
      adjusted: 0n,
      by: 'service-key:test',
      reason: 'ours is right',
      at: AT,
    });
    expect(await ledger.reads.openDoubts()).toBe(1);
  });

  it('may be of a charge that came after its call had been given up', async () => {
    const abandoned = anEvent('call-abandoned', { request_id: 'late' });
    const { call_id } = abandoned.data;
    const reported = { request_id: 'late', prompt_tokens: 9, completion_tokens: 1 };
    const doubt = { reason: 'it is negative', reported: 'prompt_tokens -5', ...reported };
    const corrected = anEvent('consumption-corrected', { call_id, quota: 13n, doubt });
    await ledger.given(abandoned, corrected);
    expect(await ledger.reads.doubt(call_id)).toMatchObject({
      requestId: 'late',
      promptTokens: 9,
      completionTokens: 1,
      quota: 13n,
      reported: 'prompt_tokens -5',
      settled: undefined,
    });
    await ledger.given(
      anEvent('doubt-accepted', { adjustment_id: `doubt:${call_id}`, account_id: ACCOUNT_ID, call_id }),
    );
    expect(await ledger.reads.openDoubts()).toBe(0);
  });

  it('are found by state, user and model, page by page', async () => {
    const [one, two, three] = [call('a'), call('b'), call('a')];
    await ledger.given(one, two, three, settled(two, 5n));
    const ids = async (filter: Parameters<typeof ledger.reads.doubts>[0], limit = 10) =>
      (await ledger.reads.doubts(filter, limit)).map(({ callId }) => callId);
    const [first, second, third] = [one, two, three].map(({ data }) => data.call_id);
    expect(await ids({ state: 'open' })).toEqual([first, third]);
    expect(await ids({ state: 'settled' })).toEqual([second]);
    expect(await ids({ model: 'a' })).toEqual([first, third]);
    expect(await ids({ externalUserId: 'user-1' })).toHaveLength(3);
    expect(await ids({ externalUserId: 'user-2' })).toEqual([]);
    const [page] = await ledger.reads.doubts({}, 1);
    expect(await ids({ after: page?.position })).toEqual([second, third]);
  });
});
