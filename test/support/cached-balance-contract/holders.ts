import { OpenHolds } from '../../../src/relay/holds/open-holds.js';
import { HoldLeases } from '../../../src/relay/holds/hold-leases.js';
import type { BudgetKey } from '../../../src/balance/cached-balance.js';
import type { LeasedBalance } from '../../../src/balance/hold-leasing.js';
import { raiseUntilEffective } from '../../../src/balance/raise-guards.js';
import { snapshotOf } from './subject.js';

/** What is on its way between a process and the cache: both ways in the order it was sent, and as slowly as one likes. */
class Wire {
  private readonly requests: (() => Promise<() => void>)[] = [];
  private readonly answers: (() => void)[] = [];
  isCut = false;

  send = <Value>(run: () => Promise<Value>): Promise<Value> =>
    new Promise((resolve, reject) => {
      this.requests.push(() =>
        run().then(
          (value) => () => resolve(value),
          (error: Error) => () => reject(error),
        ),
      );
    });

  get isIdle(): boolean {
    return this.requests.length + this.answers.length === 0;
  }

  async deliver(): Promise<void> {
    const answer = await this.requests.shift()?.();
    if (answer && !this.isCut) this.answers.push(answer);
  }

  async answer(): Promise<void> {
    const answer = this.answers.shift();
    if (!answer) return;
    answer();
    await settleDown();
  }

  /** Its process is dead. What was sent may still arrive; nobody hears of it. */
  cut(): void {
    this.isCut = true;
    this.answers.length = 0;
  }
}

/** Lets everything run that waits for nothing from outside. */
const settleDown = () => new Promise(setImmediate);

interface Call {
  readonly holdId: string;
  readonly of: number;
  readonly granted: bigint;
}

interface Process {
  readonly wire: Wire;
  readonly leases: HoldLeases;
  readonly leaseIds: string[];
  revision: bigint;
}

/**
 * Two relays with leases, a log, tables and a command, on a real adapter: what the model of ADR 0050 has, with the code instead of its moves. Time is
 * simulated, and every message is delivered and answered when the test says so.
 */
export class Holders {
  readonly processes: Process[];
  readonly open: Call[] = [];
  /** What was found to be wrong. */
  readonly wrong: string[] = [];
  /** What the log has of the account. */
  balance: bigint;
  private readonly log: { readonly quota: bigint; readonly resolved: string | undefined }[] = [];
  private projected = 0;
  private nowMs = 1_000;
  private readonly timers: { readonly atMs: number; readonly run: () => void }[] = [];
  private revision = 0n;
  private answered = 0n;
  private callsBegun = 0;
  private ownHolds = 0;
  /** Calls that were admitted by a lease. */
  leasedCalls = 0;

  constructor(
    private readonly cache: LeasedBalance,
    others: readonly LeasedBalance[],
    private readonly account: BudgetKey,
    private readonly token: BudgetKey,
    balance: bigint,
  ) {
    this.balance = balance;
    this.processes = others.map((each, index) => this.processOn(each, index));
  }

  async load(): Promise<void> {
    await this.cache.load([snapshotOf(this.account, this.balance, 0n), snapshotOf(this.token, 0n, 0n)]);
  }

  private processOn(cache: LeasedBalance, index: number): Process {
    const wire = new Wire();
    const leaseIds: string[] = [];
    const { send } = wire;
    const remote = {
      hold: (request) => {
        this.ownHolds += 1;
        return send(() => cache.hold(request));
      },
      takeLease: (request) => send(() => cache.takeLease(request)),
      closeLease: (end) => send(() => cache.closeLease(end)),
      settle: (settlements) => send(() => cache.settle(settlements)),
      release: (holdIds) => send(() => cache.release(holdIds)),
      renew: (heartbeats) => cache.renew(heartbeats),
      register: (holds) => cache.register(holds),
      onLost: () => () => undefined,
    } satisfies Partial<LeasedBalance>;
    const onProblem = (error: unknown) => void this.wrong.push(String(error));
    const holds = new OpenHolds({ cache: remote, heartbeatMs: 2 ** 30, onOverrun: onProblem, onProblem });
    const leases = new HoldLeases({
      cache: remote,
      holds,
      busyCalls: 2,
      contextOf: () => '{}',
      newId: () => {
        const leaseId = `lease-${index}-${leaseIds.length}-${this.account}`;
        leaseIds.push(leaseId);
        return leaseId;
      },
      onProblem,
      now: () => this.nowMs,
      later: (run, delayMs) => void this.timers.push({ atMs: this.nowMs + delayMs, run }),
    });
    return { wire, leases, leaseIds, revision: 0n };
  }

  private process(of: number): Process {
    return this.processes[of] as Process;
  }

  /** A call that holds so much, or all there is; it begins when the answer is there. */
  call(of: number, amount: bigint, atLeast = amount): void {
    const { leases, wire, revision } = this.process(of);
    if (wire.isCut) return;
    const holdId = `call-${of}-${(this.callsBegun += 1)}-${this.account}`;
    const guards = [
      { key: this.token, revision },
      { key: this.account, revision: 0n },
    ];
    const budgets = [this.account];
    const { ownHolds } = this;
    const asked = leases.hold({ holdId, budgets, amount, atLeast, guards, context: '{}' });
    // Admitted in this very turn. (One that has a hold of its own is in order where that was placed before the guard was raised.)
    if (this.ownHolds === ownHolds) {
      this.leasedCalls += 1;
      if (revision < this.answered) this.wrong.push('a call was admitted after the revocation was answered');
    }
    void asked.then((outcome) => {
      if (wire.isCut) return;
      if (outcome.outcome === 'stale') this.process(of).revision = outcome.revision;
      if (outcome.outcome !== 'held') return;
      leases.add({ holdId, budgets, granted: outcome.granted, context: '{}' }, () => 0);
      this.open.push({ holdId, of, granted: outcome.granted });
      if (this.balance < this.open.reduce((sum, each) => sum + each.granted, 0n))
        this.wrong.push('calls may cost more than there is');
    });
  }

  /** The call is charged at most what it holds. The cache is told in either order. */
  charge(which: number, share: number): void {
    const call = this.take(which);
    if (!call) return;
    const charge = (call.granted * BigInt(share)) / 3n;
    const position = this.append(-charge, call.holdId);
    const { leases } = this.process(call.of);
    const settle = () => void leases.settle([{ holdId: call.holdId, charge, position }]);
    if (share === 1) settle();
    leases.settled(call.holdId, charge, position);
    if (share !== 1) settle();
  }

  /** Into the spool; the log has it at once, and the process hears of that only now. */
  spool(which: number): void {
    const call = this.take(which);
    if (!call) return;
    const { leases } = this.process(call.of);
    leases.settled(call.holdId, call.granted, undefined);
    const position = this.append(-call.granted, call.holdId);
    void leases.settle([{ holdId: call.holdId, charge: call.granted, position }]);
  }

  free(which: number): void {
    const call = this.take(which);
    if (!call) return;
    const { leases } = this.process(call.of);
    leases.forget(call.holdId);
    void leases.release([call.holdId]);
  }

  topUp(quota: bigint): void {
    this.append(quota, undefined);
  }

  /** The key changes; whoever changed it is answered when no call begins under the old copy any more. */
  revoke(of: number): void {
    const { wire, leases } = this.process(of);
    const raised = (this.revision += 1n);
    const guards = [{ key: this.token, revision: raised }];
    void raiseUntilEffective(
      {
        cache: this.cache,
        withdraw: (withdrawn) => (wire.isCut ? undefined : leases.withdraw(withdrawn)),
        now: () => this.nowMs,
        pause: (delayMs) =>
          new Promise<void>((resolve) => this.timers.push({ atMs: this.nowMs + delayMs, run: resolve })),
      },
      guards,
    ).then(() => (this.answered = raised > this.answered ? raised : this.answered));
  }

  async pass(ms: number): Promise<void> {
    this.nowMs += ms;
    for (const timer of [...this.timers]) {
      if (timer.atMs > this.nowMs) continue;
      this.timers.splice(this.timers.indexOf(timer), 1);
      timer.run();
    }
    await settleDown();
  }

  /** The tables have so many more events. */
  async project(count: number): Promise<void> {
    for (let left = count; left > 0 && this.projected < this.log.length; left -= 1) {
      this.projected += 1;
      const pending = this.log.slice(this.projected).reduce((sum, { quota }) => sum + quota, 0n);
      const resolved = this.log[this.projected - 1]?.resolved;
      const position = BigInt(this.projected);
      await this.cache.apply({
        position,
        balances: [{ budget: this.account, balance: this.balance - pending, position }],
        resolvedHolds: resolved === undefined ? [] : [resolved],
      });
    }
  }

  /** Its calls are over for their clients; what it has in the cache stays until it is swept. */
  die(of: number): void {
    this.process(of).wire.cut();
    for (const call of this.open.filter((each) => each.of === of))
      this.open.splice(this.open.indexOf(call), 1);
  }

  /** As the sweeper does it: a lease claims until the tables have the log's end as it is now, a call costs nothing. */
  async sweep(of: number): Promise<void> {
    const { wire, leaseIds } = this.process(of);
    if (!wire.isCut) return;
    // What it sent arrives long before its holds run out.
    while (!wire.isIdle) await wire.deliver();
    const view = await this.cache.view(this.account);
    for (const { holdId, granted, settled } of view?.holds ?? []) {
      if (settled) continue;
      if (leaseIds.includes(holdId)) {
        const position = this.append(0n, undefined);
        await this.cache.closeLease({ leaseId: holdId, settled: { charge: granted, position }, calls: [] });
      } else if (holdId.startsWith(`call-${of}-`)) {
        if (!this.log.some(({ resolved }) => resolved === holdId)) await this.cache.release([holdId]);
      }
    }
  }

  /** Everything ends: what is open costs nothing, everybody alive closes, the dead are swept, and the tables catch up. */
  async comeToRest(): Promise<bigint | undefined> {
    for (let rounds = 0; rounds < 20; rounds += 1) {
      while (this.open.length > 0) this.free(0);
      await this.drain();
      await this.pass(300);
    }
    for (const [index] of this.processes.entries()) await this.sweep(index);
    this.append(0n, undefined);
    await this.project(this.log.length);
    return (await this.cache.view(this.account))?.held;
  }

  /** Everything that is under way arrives, and is answered. */
  async drain(): Promise<void> {
    for (const { wire } of this.processes) {
      while (!wire.isIdle) {
        await wire.deliver();
        await wire.answer();
      }
    }
    await settleDown();
  }

  private take(which: number): Call | undefined {
    return this.open.splice(which % Math.max(1, this.open.length), 1)[0];
  }

  private append(quota: bigint, resolved: string | undefined): bigint {
    this.balance += quota;
    return BigInt(this.log.push({ quota, resolved }));
  }
}
