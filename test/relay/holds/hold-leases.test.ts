import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type BudgetKey, type CachedBalance, CacheUnavailable } from '../../../src/balance/cached-balance.js';
import type { LeasedBalance } from '../../../src/balance/hold-leasing.js';
import { InProcessCachedBalance } from '../../../src/balance/in-process/in-process-cached-balance.js';
import { HoldLeases } from '../../../src/relay/holds/hold-leases.js';
import { OpenHolds } from '../../../src/relay/holds/open-holds.js';
import {
  availableOf,
  newAccount,
  newToken,
  requestOf,
  snapshotOf,
} from '../../support/cached-balance-contract/subject.js';
import { eventually } from '../../support/eventually.js';

// In any order of messages, and on both adapters: test/support/cached-balance-contract/any-order.ts.

type Told = Pick<LeasedBalance, 'hold' | 'settle' | 'release' | 'takeLease' | 'closeLease' | 'spare'>;

describe('leases of a process', () => {
  let cache: InProcessCachedBalance;
  /** What the cache was asked, by name. */
  let asked: (keyof Told)[];
  let failing: ReadonlySet<keyof Told>;
  let onLost: () => void;
  let registered: string[];
  let holds: OpenHolds;
  let leases: HoldLeases;
  let [account, token]: BudgetKey[] = [];
  let nowMs: number;
  let timers: { readonly atMs: number; readonly run: () => void }[];

  const told = <Name extends keyof Told>(name: Name) =>
    ((...parts: Parameters<Told[Name]>) => {
      asked.push(name);
      if (failing.has(name)) return Promise.reject(new CacheUnavailable('away'));
      return (cache[name] as (...all: typeof parts) => unknown)(...parts);
    }) as Told[Name];

  beforeEach(async () => {
    cache = new InProcessCachedBalance({});
    [asked, failing, registered, nowMs, timers] = [[], new Set(), [], 1_000, []];
    [account, token] = [newAccount(), newToken()];
    await cache.load([snapshotOf(account, 8_000n), snapshotOf(token, 0n)]);
    const registry = {
      renew: (heartbeats: Parameters<CachedBalance['renew']>[0]) => cache.renew(heartbeats),
      settle: (settlements: Parameters<CachedBalance['settle']>[0]) => cache.settle(settlements),
      register: (open: Parameters<CachedBalance['register']>[0]) => {
        registered.push(...open.map(({ holdId }) => holdId));
        return cache.register(open);
      },
      onLost: (listener: () => void) => {
        onLost = listener;
        return () => undefined;
      },
    };
    const quiet = () => undefined;
    holds = new OpenHolds({ cache: registry, heartbeatMs: 2 ** 30, onOverrun: quiet, onProblem: quiet });
    leases = holder();
  });
  afterEach(() => holds.close());

  const holder = () =>
    new HoldLeases({
      cache: {
        hold: told('hold'),
        settle: told('settle'),
        release: told('release'),
        takeLease: told('takeLease'),
        closeLease: told('closeLease'),
        spare: told('spare'),
      },
      holds,
      contextOf: () => '{"kind":"lease"}',
      newId: randomUUID,
      onProblem: () => undefined,
      now: () => nowMs,
      later: (run, delayMs) => void timers.push({ atMs: nowMs + delayMs, run }),
    });

  /** A call of the key, by its id. */
  async function call(amount = 10n, revision = 0n, deliveredTokens = () => 0): Promise<string> {
    const guards = [
      { key: token as BudgetKey, revision },
      { key: account as BudgetKey, revision: 0n },
    ];
    const request = requestOf([account as BudgetKey], amount, { guards });
    const outcome = await leases.hold(request);
    if (outcome.outcome !== 'held') throw new Error(outcome.outcome);
    leases.add({ ...request, granted: outcome.granted }, deliveredTokens);
    return request.holdId;
  }

  /** So many calls that a lease is there, and all of them over. */
  async function becomeBusy(): Promise<void> {
    for (let calls = 0; calls < 8; calls += 1) {
      const holdId = await call();
      leases.forget(holdId);
      await leases.release([holdId]);
    }
    await new Promise(setImmediate);
    asked = [];
  }

  async function pass(ms: number): Promise<void> {
    nowMs += ms;
    const due = timers.filter(({ atMs }) => atMs <= nowMs);
    timers = timers.filter(({ atMs }) => atMs > nowMs);
    for (const { run } of due) run();
    await new Promise(setImmediate);
  }

  const held = async () => 8_000n - (await availableOf(cache, account as BudgetKey));
  const viewed = async () => (await cache.view(account as BudgetKey))?.holds ?? [];

  it('has a key pay for nothing that is called now and then', async () => {
    for (let calls = 0; calls < 20; calls += 1) {
      await call();
      await pass(50);
    }
    expect(new Set(asked)).toEqual(new Set(['hold']));
  });

  it('admits no call that is held against other budgets, as of a new period of a team, and ends', async () => {
    await becomeBusy();
    const next: BudgetKey = `budget:m-${randomUUID()}:202612`;
    await cache.load([snapshotOf(next, 5n)]);
    const guards = [
      { key: token as BudgetKey, revision: 0n },
      { key: account as BudgetKey, revision: 0n },
    ];
    const request = requestOf([account as BudgetKey, next], 10n, { guards });
    expect(await leases.hold(request)).toMatchObject({
      outcome: 'insufficient',
      budget: next,
      available: 5n,
    });
    expect(asked).toEqual(expect.arrayContaining(['closeLease', 'hold']));
    expect(await held()).toBe(0n);
  });

  it('admits calls of a busy key without a word to the cache, and tells it of all of them at the end', async () => {
    await becomeBusy();
    const [running, charged, later, free] = [
      await call(10n, 0n, () => 7),
      await call(),
      await call(),
      await call(),
    ];
    // Out of order, as charges of two streams may be.
    leases.settled(later, 6n, 13n);
    await leases.settle([{ holdId: charged, charge: 4n, position: 12n }]);
    leases.settled(charged, 4n, 12n);
    await leases.settle([{ holdId: later, charge: 6n, position: 13n }]);
    leases.forget(free);
    await leases.release([free]);
    expect(asked).toEqual([]);
    expect(await held()).toBe(320n);

    await pass(225);
    expect(asked).toEqual(['closeLease']);
    expect(await held()).toBe(20n);
    expect(await viewed()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ holdId: running, granted: 10n, deliveredTokens: 7 }),
        expect.objectContaining({ settled: { charge: 10n, position: 13n } }),
      ]),
    );
    // The call and what the others were charged: both are kept alive and registered like any hold.
    expect(holds.count).toBe(2);
    leases.settled(running, 9n, 14n);
    await leases.settle([{ holdId: running, charge: 9n, position: 14n }]);
    expect(await held()).toBe(19n);
  });

  it('admits nothing when its time is over by the clock, whether or not anybody woke up, nor what it has no room for', async () => {
    await becomeBusy();
    await call(310n);
    expect(asked).toEqual([]);
    await call(11n);
    expect(asked).toEqual(['hold']);
    nowMs += 225;
    await call(1n);
    expect(asked).toEqual(['hold', 'hold']);
  });

  it('admits nothing of another copy of the key, and gives the lease up for it', async () => {
    await becomeBusy();
    await call(10n, 1n);
    expect(asked).toEqual(['closeLease', 'hold']);
    await expect(call(10n, 0n)).rejects.toThrow('stale');
  });

  it('takes the next one while the key is busy, larger', async () => {
    await becomeBusy();
    for (let calls = 0; calls < 20; calls += 1) await call();
    await pass(225);
    expect(asked).toEqual(['closeLease', 'takeLease']);
    const [next] = (await viewed()).filter(({ context }) => context === '{"kind":"lease"}');
    expect(next?.granted).toBe(400n);
    await pass(225);
    expect(asked).toEqual(['closeLease', 'takeLease', 'closeLease']);
  });

  it('takes none for keys with a limit of their own, nor for those of a team', async () => {
    const [own, team]: BudgetKey[] = [token as BudgetKey, `team:${randomUUID()}`];
    await cache.load([snapshotOf(team as BudgetKey, 0n)]);
    await cache.apply({
      position: 11n,
      balances: [{ budget: own as BudgetKey, balance: 8_000n, position: 11n }],
      resolvedHolds: [],
    });
    const guards = [token, account].map((key) => ({ key: key as BudgetKey, revision: 0n }));
    for (let calls = 0; calls < 20; calls += 1) {
      await leases.hold(requestOf([account as BudgetKey, own as BudgetKey], 10n, { guards }));
      const ofTeam = [...guards, { key: team as BudgetKey, revision: 0n }];
      await leases.hold(requestOf([account as BudgetKey], 10n, { guards: ofTeam }));
    }
    expect(new Set(asked)).toEqual(new Set(['hold']));
  });

  /** Until it is answered, which takes its time. */
  async function answered<Answer>(asking: Promise<Answer>): Promise<Answer> {
    let isThere = false;
    const over = () => void (isThere = true);
    asking.then(over, over);
    await new Promise(setImmediate);
    for (let times = 0; !isThere && times < 100; times += 1) await pass(10);
    return asking;
  }

  it.each(['its own', 'another process’s'])(
    'refuses no call, and grants none less, for what %s lease claims',
    async (whose) => {
      await becomeBusy();
      const open = await call();
      expect(await held()).toBe(320n);
      const guards = [{ key: account as BudgetKey, revision: 0n }];
      const asking = whose === 'its own' ? leases : holder();
      const granted = async (amount: bigint, atLeast: bigint) =>
        answered(asking.hold(requestOf([account as BudgetKey], amount, { guards, atLeast })));
      expect(await granted(7_000n, 7_000n)).toMatchObject({ outcome: 'held' });
      expect(await granted(990n, 990n)).toEqual({ outcome: 'held', granted: 990n });
      expect(await held()).toBe(8_000n);
      expect(await viewed()).toContainEqual(expect.objectContaining({ holdId: open, granted: 10n }));
      expect(await granted(1n, 1n)).toMatchObject({ outcome: 'insufficient', needed: 1n, available: 0n });
    },
  );

  it('grants a call all there is although a lease claims of it', async () => {
    await becomeBusy();
    const guards = [{ key: account as BudgetKey, revision: 0n }];
    const greedy = requestOf([account as BudgetKey], 9_000n, { guards, atLeast: 10n });
    expect(await answered(holder().hold(greedy))).toEqual({ outcome: 'held', granted: 8_000n });
    for (let calls = 0; calls < 20; calls += 1)
      await answered(leases.hold(requestOf([account as BudgetKey], 1n, { guards })));
    expect(await held()).toBe(8_000n);
  });

  it('waits no longer than two leases’ time for one whose holder is dead', async () => {
    await becomeBusy();
    timers = [];
    const guards = [{ key: account as BudgetKey, revision: 0n }];
    const fromMs = nowMs;
    const refused = await answered(holder().hold(requestOf([account as BudgetKey], 7_990n, { guards })));
    expect(refused).toMatchObject({ outcome: 'insufficient', available: 7_680n });
    expect(nowMs - fromMs).toBe(500);
  });

  it('has told the cache of every call before a charge goes to the spool, or tried to', async () => {
    await becomeBusy();
    const open = await call();
    await leases.beforeSpool();
    expect(await viewed()).toEqual([expect.objectContaining({ holdId: open, granted: 10n })]);
    expect(leases.owns(open)).toBe(false);
    await leases.settle([{ holdId: open, charge: 8n, position: 12n }]);
    await pass(300);
    await becomeBusy();
    await call();
    const [lease] = (await viewed()).filter(({ context }) => context === '{"kind":"lease"}');
    failing = new Set<keyof Told>(['closeLease']);
    await leases.beforeSpool();
    expect(leases.owns(lease?.holdId ?? '')).toBe(true);
  });

  it('leaves poor accounts alone', async () => {
    await cache.apply({
      position: 11n,
      balances: [{ budget: account as BudgetKey, balance: 300n, position: 11n }],
      resolvedHolds: [],
    });
    await becomeBusy();
    await call();
    expect(asked).toEqual(['hold']);
  });

  it('closes what was withdrawn at once, also what is only asked for', async () => {
    await becomeBusy();
    const guards = [{ key: token as BudgetKey, revision: 1n }];
    await cache.raiseGuards(guards);
    leases.withdraw([{ key: account as BudgetKey, revision: 0n }]);
    expect(await cache.isLeased(guards)).toBe(true);
    leases.withdraw(guards);
    await new Promise(setImmediate);
    expect(await cache.isLeased(guards)).toBe(false);
    expect(await held()).toBe(0n);
  });

  it('leaves a call to the sweeper that this process keeps alive no longer', async () => {
    await becomeBusy();
    const left = await call(10n, 0n, () => 3);
    leases.forget(left);
    await pass(225);
    expect(await viewed()).toEqual([
      expect.objectContaining({ holdId: left, granted: 10n, deliveredTokens: 3 }),
    ]);
    expect(holds.count).toBe(0);
  });

  it('closes every lease and takes none while charges go to the spool', async () => {
    await becomeBusy();
    const spooled = await call();
    leases.settled(spooled, 8n, undefined);
    await new Promise(setImmediate);
    expect(await viewed()).toEqual([expect.objectContaining({ holdId: spooled, granted: 10n })]);
    for (let calls = 0; calls < 10; calls += 1) await call();
    expect(asked).not.toContain('takeLease');
    await leases.settle([{ holdId: spooled, charge: 8n, position: 12n }]);
    expect(await held()).toBe(108n);
    await pass(300);
    for (let calls = 0; calls < 10; calls += 1) await call();
    expect(asked).toContain('takeLease');
  });

  it('closes them also where the charge that goes to the spool is of another call', async () => {
    await becomeBusy();
    leases.settled(randomUUID(), 8n, undefined);
    await new Promise(setImmediate);
    expect(await held()).toBe(0n);
  });

  it('gives up what a lost cache had with registering, and admits nothing out of it', async () => {
    await becomeBusy();
    const [open, charged] = [await call(), await call()];
    leases.settled(charged, 6n, 12n);
    const leaseId = (await viewed())[0]?.holdId;
    cache = new InProcessCachedBalance({});
    await cache.load([snapshotOf(account as BudgetKey, 8_000n), snapshotOf(token as BudgetKey, 0n)]);
    onLost();
    await eventually(async () => (await held()) === 16n);
    expect(registered.sort()).toEqual([open, leaseId].sort());
    await call();
    expect(asked).toEqual(['hold']);
    await pass(300);
    expect(asked).not.toContain('closeLease');
  });

  it('closes again what could not be closed, as things are by then', async () => {
    await becomeBusy();
    const [open, charged] = [await call(), await call()];
    failing = new Set<keyof Told>(['closeLease', 'settle', 'release']);
    await pass(225);
    expect(await held()).toBe(320n);
    leases.settled(charged, 6n, 12n);
    await leases.settle([{ holdId: charged, charge: 6n, position: 12n }]).catch(() => undefined);
    leases.forget(open);
    await leases.release([open]).catch(() => undefined);
    failing = new Set();
    await eventually(async () => (await held()) === 6n);
    expect(await viewed()).toEqual([expect.objectContaining({ holdId: charged })]);
  });

  it('claims no less for a lease that was swept, and has its calls end as those whose hold was', async () => {
    await becomeBusy();
    const [open, charged] = [await call(), await call()];
    leases.settled(charged, 6n, 12n);
    const leaseId = (await viewed())[0]?.holdId ?? '';
    const settled = { charge: 320n, position: 20n };
    await cache.closeLease({ leaseId, settled, calls: [] });
    await pass(225);
    expect(await viewed()).toEqual([expect.objectContaining({ holdId: leaseId, settled })]);
    expect(holds.count).toBe(1);
    expect(await cache.renew([{ holdId: open, deliveredTokens: 0 }])).toEqual([open]);
  });

  it('lets go of a lease whose answer did not come', async () => {
    failing = new Set<keyof Told>(['takeLease']);
    await becomeBusy();
    expect(await held()).toBe(0n);
    await call();
    expect(asked).toEqual(['hold']);
  });

  it('leaves nothing behind when it is stopped', async () => {
    await becomeBusy();
    await leases.stop();
    expect(await held()).toBe(0n);
    await becomeBusy();
    expect(await held()).toBe(0n);
  });
});
