import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventStore } from '../../../src/eventstore/event-store.js';
import {
  type PaymentProvider,
  ProviderUnavailable,
  type RefundOutcome,
  type RefundProvider,
} from '../../../src/reactions/payments/provider.js';
import { continueRefund, recheckRefund, settleRefund } from '../../../src/reactions/payments/refunds.js';
import type { RefundTurn, RefundTurns } from '../../../src/reactions/payments/refund-turns.js';
import { type CommandWorld, createCommandWorld } from '../../support/command-world.js';
import { type PaidOrder, paidOrder, price } from '../../support/paid-order.js';

const meta = { actor: 'operator:ann', requestId: 'r' };
const { quota: QUOTA } = price;
const share = (minor: bigint): bigint => (QUOTA * minor * 2n + 50_000n) / 100_000n;

class Died extends Error {}

/** A provider that gives back once a number, and says no where it would give back more than it was paid. */
class FakeBank {
  readonly given = new Map<string, bigint>();
  /** How often it was asked to give back. */
  asked = 0;
  /** What becomes of the next questions, until they are used up. */
  readonly faults: ('refuse' | 'pending' | 'away' | 'lost' | 'die-before' | 'die-after')[] = [];
  private readonly pending = new Set<string>();
  private readonly returned = new Set<string>();

  provider(): PaymentProvider {
    const outcomeOf = (refundId: string): RefundOutcome =>
      this.returned.has(refundId)
        ? { state: 'failed', why: 'account_closed' }
        : this.pending.has(refundId)
          ? { state: 'pending' }
          : { state: 'succeeded', providerRefund: `re_${refundId}` };
    return {
      ...({ id: 'test', revision: 1, merchant: 'test' } as PaymentProvider),
      refunds: {
        send: (_, { refundId, amountMinor }) => {
          const fault = this.faults.shift();
          if (fault === 'die-before') throw new Died();
          this.asked += 1;
          if (fault === 'away') throw new ProviderUnavailable('away');
          const before = [...this.given.values()].reduce((sum, each) => sum + each, 0n);
          const isMore = !this.given.has(refundId) && before + amountMinor > 50_000n;
          if (fault === 'refuse' || isMore)
            return Promise.resolve({ state: 'failed', why: 'charge_already_refunded' });
          this.given.set(refundId, amountMinor);
          if (fault === 'pending') this.pending.add(refundId);
          if (fault === 'die-after') throw new Died();
          if (fault === 'lost') throw new ProviderUnavailable('its answer was lost');
          return Promise.resolve(outcomeOf(refundId));
        },
        query: (_, { refundId }) =>
          Promise.resolve(this.given.has(refundId) ? outcomeOf(refundId) : ('none' as const)),
      },
    };
  }

  settle(): void {
    this.pending.clear();
  }

  /** What it gave back came again to it. */
  comesAgain(refundId: string): void {
    this.returned.add(refundId);
  }
}

/** As the database has them: whoever is at work on a refund is alone with it, until it takes too long. */
class Turns implements RefundTurns {
  private readonly held = new Map<string, symbol>();

  async alone<Result>(
    refundId: string,
    act: (turn: RefundTurn) => Promise<Result>,
  ): Promise<Result | undefined> {
    if (this.held.has(refundId)) return undefined;
    const mine = Symbol(refundId);
    const isMine = () => this.held.get(refundId) === mine;
    this.held.set(refundId, mine);
    try {
      return await act({ keep: () => Promise.resolve(isMine()) });
    } finally {
      if (isMine()) this.held.delete(refundId);
    }
  }

  /** Whoever has a turn has had it for too long. */
  endAll(): void {
    this.held.clear();
  }
}

interface Shop {
  readonly world: CommandWorld;
  readonly bank: FakeBank;
  readonly turns: Turns;
  readonly order: PaidOrder;
  readonly parts: Parameters<typeof continueRefund>[0];
  readonly request: (amountMinor?: bigint, idempotencyKey?: string) => Promise<string>;
  readonly goOn: (refundId: string) => Promise<string>;
}

let people = 0;

async function shop(options: Parameters<typeof createCommandWorld>[0] = {}, isManual = false): Promise<Shop> {
  const world = createCommandWorld(options);
  const [bank, turns] = [new FakeBank(), new Turns()];
  const order = await paidOrder(world, `u-${++people}`);
  const provider = isManual ? ({} as PaymentProvider) : bank.provider();
  const parts = {
    refunds: world.commands,
    db: { query: () => Promise.resolve({ rows: [{ order_id: order.orderId, flags: [] }] }) },
    providers: { find: () => Promise.resolve(provider) },
    turns,
  } as never as Shop['parts'];
  return {
    world,
    bank,
    turns,
    order,
    parts,
    request: async (amountMinor, idempotencyKey) => {
      const { orderId } = order;
      const asked = { orderId, amountMinor, reason: 'asked for it' };
      const requested = await world.commands.requestRefund(asked, { ...meta, idempotencyKey });
      if (!requested.ok) throw new Error(requested.refusal.code);
      return requested.value.refundId;
    },
    goOn: async (refundId) => {
      const standing = await continueRefund(parts, refundId, meta);
      if (!standing.ok) throw new Error(standing.refusal.code);
      return standing.value.status;
    },
  };
}

describe('a refund at its provider', () => {
  it('is booked before its provider is asked, and asked for once', async () => {
    const { bank, order, request, goOn, world } = await shop();
    const refundId = await request(20_000n, 'key-1');
    expect(await request(20_000n, 'key-1')).toBe(refundId);
    expect(await order.balance()).toBe(QUOTA);
    expect(await goOn(refundId)).toBe('succeeded');
    expect(await goOn(refundId)).toBe('succeeded');
    expect([...bank.given]).toEqual([[refundId, 20_000n]]);
    expect(bank.asked).toBe(1);
    expect(await order.balance()).toBe(QUOTA - share(20_000n));
    await order.tell('refunded', 20_000n);
    expect(await order.balance()).toBe(QUOTA - share(20_000n));
    expect(await world.events('payment-refunded')).toMatchObject([{ data: { reason: 'asked for it' } }]);
  });

  it('of equal parts is two, and the last one takes the rest exactly', async () => {
    const { bank, order, request, goOn } = await shop();
    for (const part of [16_667n, 16_667n]) expect(await goOn(await request(part))).toBe('succeeded');
    expect(await goOn(await request())).toBe('succeeded');
    expect([...bank.given.values()]).toEqual([16_667n, 16_667n, 16_666n]);
    expect(await order.balance()).toBe(0n);
    await expect(request()).rejects.toThrow('refund_exceeds_payment');
    await order.tell('refunded', 50_000n);
    expect(await order.balance()).toBe(0n);
  });

  it('that comes to nothing gives again what it took, once', async () => {
    const { bank, order, request, goOn } = await shop();
    bank.faults.push('refuse');
    const refundId = await request(20_000n);
    expect(await goOn(refundId)).toBe('failed');
    expect(await goOn(refundId)).toBe('failed');
    expect(bank.asked).toBe(1);
    expect(await order.balance()).toBe(QUOTA);
    expect(await goOn(await request(50_000n))).toBe('succeeded');
    expect(await order.balance()).toBe(0n);
  });

  it('is not asked for where the account cannot carry it', async () => {
    const { bank, order, request, goOn, world } = await shop();
    const spent = {
      externalUserId: order.externalUserId,
      adjustmentId: 'spent',
      quota: -QUOTA + 1n,
      reason: 'x',
    };
    expect(await world.commands.adjustBalance(spent, meta)).toMatchObject({ ok: true });
    const refundId = await request();
    expect(await goOn(refundId)).toBe('failed');
    expect(bank.asked).toBe(0);
    expect(await order.balance()).toBe(1n);
    expect(await world.events('refund-failed')).toMatchObject([{ data: { why: 'refund_exceeds_balance' } }]);
  });

  it('of which nothing is heard is asked about before it is asked for again', async () => {
    const { bank, order, request, goOn } = await shop();
    bank.faults.push('lost', 'away');
    const [lost, away] = [await request(10_000n), await request(10_000n)];
    expect(await goOn(lost)).toBe('sent');
    expect(await goOn(away)).toBe('sent');
    expect(await order.balance()).toBe(QUOTA - share(20_000n));
    expect(await goOn(lost)).toBe('succeeded');
    expect(await goOn(away)).toBe('succeeded');
    expect(bank.asked).toBe(3);
    expect(bank.given.size).toBe(2);
  });

  it('that takes days stays sent until its provider says more', async () => {
    const { bank, request, goOn } = await shop();
    bank.faults.push('pending');
    const refundId = await request(10_000n);
    expect(await goOn(refundId)).toBe('sent');
    expect(await goOn(refundId)).toBe('sent');
    bank.settle();
    expect(await goOn(refundId)).toBe('succeeded');
    expect(bank.asked).toBe(1);
  });

  it('is asked for by one of those that go on with it at once', async () => {
    const { bank, request, goOn } = await shop();
    const refundId = await request(10_000n);
    await Promise.all(Array.from({ length: 5 }, () => goOn(refundId)));
    expect(await goOn(refundId)).toBe('succeeded');
    expect(bank.asked).toBe(1);
  });

  it('is for orders that were credited, and for no more than is left', async () => {
    const { world, order, request } = await shop();
    await expect(request(50_001n)).rejects.toThrow('refund_exceeds_payment');
    await expect(request(0n)).rejects.toThrow('amount_invalid');
    await order.tell('refunded', 49_999n);
    await expect(request(2n)).rejects.toThrow('refund_exceeds_payment');
    expect(await world.commands.requestRefund({ orderId: 'none', reason: '' }, meta)).toEqual({
      ok: false,
      refusal: { code: 'order_not_found' },
    });
  });
});

describe('a refund that nobody can be asked for', () => {
  it('waits for an operator who says that it was sent', async () => {
    const { order, request, goOn, parts } = await shop({}, true);
    const refundId = await request(20_000n);
    expect(await goOn(refundId)).toBe('requested');
    expect(await order.balance()).toBe(QUOTA - share(20_000n));
    const said = { refundId, decision: 'sent', reference: '20261130-1' } as const;
    expect(await settleRefund(parts, said, meta)).toMatchObject({ value: { status: 'succeeded' } });
    expect(await settleRefund(parts, { ...said, decision: 'not-sent' }, meta)).toMatchObject({
      value: { status: 'succeeded' },
    });
  });

  it('or that it was not', async () => {
    const { order, request, parts } = await shop({}, true);
    const refundId = await request(20_000n);
    const said = { refundId, decision: 'not-sent', reference: null } as const;
    expect(await settleRefund(parts, said, meta)).toMatchObject({ value: { status: 'failed' } });
    expect(await order.balance()).toBe(QUOTA);
  });

  it('is what its provider says, where it says something', async () => {
    const { bank, order, request, goOn, parts } = await shop();
    bank.faults.push('lost');
    const refundId = await request(20_000n);
    await goOn(refundId);
    const said = { refundId, decision: 'not-sent', reference: null } as const;
    expect(await settleRefund(parts, said, meta)).toMatchObject({ value: { status: 'succeeded' } });
    expect(await order.balance()).toBe(QUOTA - share(20_000n));
  });
});

function signal() {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}

/**
 * Somebody who comes while the provider is at it waits in vain: what it is asked, or what it answers, stands still until it is let go on.
 */
function standStill(bank: FakeBank, verb: 'send' | 'query', what: 'question' | 'answer' = 'question') {
  const { refunds } = bank.provider();
  const [reached, goOn] = [signal(), signal()];
  const provider = {
    refunds: {
      ...refunds,
      [verb]: async (...asked: Parameters<RefundProvider['send']>) => {
        const answer = what === 'answer' ? await refunds?.[verb](...asked) : undefined;
        reached.give();
        await goOn.given;
        return answer ?? refunds?.[verb](...asked);
      },
    },
  };
  return {
    providers: { find: () => Promise.resolve(provider as never) } as never,
    reached: reached.given,
    letGo: goOn.give,
  };
}

describe('a refund that went back and did not arrive', () => {
  it('is given again once its provider says so when it is asked, and somebody looks', async () => {
    const { bank, order, request, goOn, parts, world } = await shop();
    const refundId = await request(20_000n);
    expect(await goOn(refundId)).toBe('succeeded');
    const recheck = () =>
      recheckRefund({ ...parts, commands: world.commands, now: () => new Date() }, refundId, meta);
    expect(await recheck()).toMatchObject({ value: { status: 'succeeded' } });
    bank.comesAgain(refundId);
    for (let times = 0; times < 2; times++) {
      expect(await recheck()).toMatchObject({ value: { status: 'failed' } });
      expect(await order.balance()).toBe(QUOTA);
    }
    expect(await world.events('order-flagged')).toMatchObject([
      { data: { kind: 'refund-failed', amount_minor: 20_000n, refusal: 'account_closed' } },
    ]);
    expect(bank.asked).toBe(1);
  });
});

describe('an operator who says that it was not sent, while its provider is asked', () => {
  const notSent = (refundId: string) => ({ refundId, decision: 'not-sent', reference: null }) as const;

  it('is refused where the provider is at it, and the books are what it did', async () => {
    const { bank, order, request, parts } = await shop();
    const refundId = await request(20_000n);
    const { providers, reached, letGo } = standStill(bank, 'send');
    const asking = continueRefund({ ...parts, providers }, refundId, meta);
    await reached;
    expect(await settleRefund(parts, notSent(refundId), meta)).toEqual({
      ok: false,
      refusal: { code: 'refund_under_way' },
    });
    letGo();
    expect(await asking).toMatchObject({ value: { status: 'succeeded' } });
    expect(await settleRefund(parts, notSent(refundId), meta)).toMatchObject({
      value: { status: 'succeeded' },
    });
    expect(bank.given.size).toBe(1);
    expect(await order.balance()).toBe(QUOTA - share(20_000n));
  });

  it('who was first is believed, and the provider is not asked any more', async () => {
    const { bank, order, request, parts, goOn } = await shop();
    bank.faults.push('away');
    const refundId = await request(20_000n);
    expect(await goOn(refundId)).toBe('sent');
    const { providers, reached, letGo } = standStill(bank, 'query');
    const settling = settleRefund({ ...parts, providers }, notSent(refundId), meta);
    await reached;
    expect(await goOn(refundId)).toBe('sent');
    letGo();
    expect(await settling).toMatchObject({ value: { status: 'failed' } });
    expect(await goOn(refundId)).toBe('failed');
    expect(bank.given.size).toBe(0);
    expect(await order.balance()).toBe(QUOTA);
  });
});

describe('two who ask about one refund, since the first was held up for longer than its turn', () => {
  it('the no that the first hears late takes nothing back of what the second had sent', async () => {
    const { bank, turns, order, request, parts, goOn } = await shop();
    bank.faults.push('refuse');
    const refundId = await request(20_000n);
    // Its provider has refused it, and the answer is on its way for long.
    const held = standStill(bank, 'send', 'answer');
    const first = continueRefund({ ...parts, providers: held.providers }, refundId, meta);
    await held.reached;
    turns.endAll();
    expect(await goOn(refundId)).toBe('succeeded');
    held.letGo();
    expect(await first).toMatchObject({ ok: true });
    expect(await goOn(refundId)).toBe('succeeded');
    expect(bank.given.size).toBe(1);
    expect(await order.balance()).toBe(QUOTA - share(20_000n));
  });

  it('nor while the second is still being answered', async () => {
    const { bank, turns, order, request, parts, goOn } = await shop();
    bank.faults.push('refuse');
    const refundId = await request(20_000n);
    const [held, slow] = [standStill(bank, 'send', 'answer'), standStill(bank, 'send', 'answer')];
    const first = continueRefund({ ...parts, providers: held.providers }, refundId, meta);
    await held.reached;
    turns.endAll();
    const second = continueRefund({ ...parts, providers: slow.providers }, refundId, meta);
    await slow.reached;
    held.letGo();
    expect(await first).toMatchObject({ value: { status: 'sent' } });
    expect(await order.balance()).toBe(QUOTA - share(20_000n));
    slow.letGo();
    expect(await second).toMatchObject({ value: { status: 'succeeded' } });
    expect(await goOn(refundId)).toBe('succeeded');
    expect(await order.balance()).toBe(QUOTA - share(20_000n));
  });

  it('the first sends nothing any more once the second has heard no', async () => {
    const { bank, turns, order, request, parts, goOn } = await shop();
    bank.faults.push('away', 'refuse');
    const refundId = await request(20_000n);
    expect(await goOn(refundId)).toBe('sent');
    const held = standStill(bank, 'query', 'answer');
    const first = continueRefund({ ...parts, providers: held.providers }, refundId, meta);
    await held.reached;
    turns.endAll();
    expect(await goOn(refundId)).toBe('failed');
    held.letGo();
    expect(await first).toMatchObject({ ok: true });
    expect(await goOn(refundId)).toBe('failed');
    expect(bank.given.size).toBe(0);
    expect(await order.balance()).toBe(QUOTA);
  });

  it('nor is an operator believed whose turn was over while the provider was asked what it knows', async () => {
    const { bank, turns, order, request, parts, goOn } = await shop();
    bank.faults.push('away');
    const refundId = await request(20_000n);
    expect(await goOn(refundId)).toBe('sent');
    const held = standStill(bank, 'query', 'answer');
    const saying = { refundId, decision: 'not-sent', reference: null } as const;
    const settling = settleRefund({ ...parts, providers: held.providers }, saying, meta);
    await held.reached;
    turns.endAll();
    const slow = standStill(bank, 'send', 'answer');
    const second = continueRefund({ ...parts, providers: slow.providers }, refundId, meta);
    await slow.reached;
    held.letGo();
    expect(await settling).toEqual({ ok: false, refusal: { code: 'refund_under_way' } });
    slow.letGo();
    expect(await second).toMatchObject({ value: { status: 'succeeded' } });
    expect(await order.balance()).toBe(QUOTA - share(20_000n));
  });
});

/** Dies at the append that is counted, before it is stored or after. */
function dying(counted: { left: number; readonly after: boolean }) {
  return (store: EventStore): EventStore => ({
    ...store,
    readStream: (...given) => store.readStream(...given),
    append: async (...given) => {
      counted.left -= 1;
      if (counted.left === 0 && !counted.after) throw new Died();
      const outcome = await store.append(...given);
      if (counted.left === 0) throw new Died();
      return outcome;
    },
  });
}

describe('whoever dies in the midst of a refund', () => {
  const outcomes = [
    { name: 'that succeeds', faults: [], left: QUOTA - share(20_000n), status: 'succeeded', given: 1 },
    { name: 'that fails', faults: ['refuse', 'refuse'], left: QUOTA, status: 'failed', given: 0 },
  ] as const;
  const points = [1, 2, 3, 4, 5].flatMap((append) =>
    [false, true].map((after) => ({ name: `${after ? 'after' : 'before'} write ${append}`, append, after })),
  );

  for (const { name, faults, left, status, given } of outcomes)
    it.each(points)(
      `$name of one ${name}: the next one ends it as if nobody had`,
      async ({ append, after }) => {
        const counted = { left: -1, after };
        const { bank, order, request, goOn } = await shop({ wrap: dying(counted) });
        bank.faults.push(...faults);
        const refundId = await request(20_000n);
        counted.left = append;
        await goOn(refundId).catch((error: unknown) => expect(error).toBeInstanceOf(Died));
        counted.left = -1;
        expect(await goOn(refundId)).toBe(status);
        expect(bank.given.size).toBe(given);
        expect(await order.balance()).toBe(left);
      },
    );

  it.each(['die-before', 'die-after'] as const)('%s the provider was asked', async (fault) => {
    const { bank, order, request, goOn } = await shop();
    bank.faults.push(fault);
    const refundId = await request(20_000n);
    await expect(goOn(refundId)).rejects.toBeInstanceOf(Died);
    expect(await goOn(refundId)).toBe('succeeded');
    expect(bank.asked).toBe(1);
    expect(await order.balance()).toBe(QUOTA - share(20_000n));
  });
});

describe('refunds from here and at the provider, in any order', () => {
  const step = fc.oneof(
    fc.record({
      what: fc.constant('here' as const),
      minor: fc.bigInt(1n, 30_000n),
      fault: fc.constantFrom('refuse', 'lost', 'none'),
    }),
    fc.record({ what: fc.constant('there' as const), minor: fc.bigInt(1n, 30_000n) }),
    fc.record({ what: fc.constant('told' as const) }),
  );

  it('come to what its provider has given back in all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 7 }), async (steps) => {
        const { bank, order, request, goOn } = await shop();
        const total = () => [...bank.given.values()].reduce((sum, each) => sum + each, 0n);
        const open: string[] = [];
        for (const [index, each] of steps.entries()) {
          if (each.what === 'told' && total() > 0n) await order.tell('refunded', total());
          if (each.what === 'there' && total() + each.minor <= 50_000n)
            bank.given.set(`dashboard ${index}`, each.minor);
          if (each.what !== 'here') continue;
          const refundId = await request(each.minor).catch(() => undefined);
          if (refundId === undefined) continue;
          if (each.fault !== 'none') bank.faults.push(each.fault);
          await goOn(refundId);
          bank.faults.length = 0;
          open.push(refundId);
        }
        for (const refundId of open) await goOn(refundId);
        if (total() > 0n) await order.tell('refunded', total());
        expect(await order.balance()).toBe(QUOTA - share(total()));
      }),
      {
        numRuns: 60,
        examples: [
          // Two shares, each rounded by itself, were one quota more than the share of both.
          [
            [
              { what: 'there', minor: 1n },
              { what: 'there', minor: 6n },
              { what: 'told' },
              { what: 'here', minor: 5004n, fault: 'lost' },
            ],
          ],
        ],
      },
    );
  });
});
