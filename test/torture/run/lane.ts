import { setTimeout as wait } from 'node:timers/promises';
import { isPurchase } from '../plan/purchases.js';
import { laneSteps, type Operation, type Profile, type Step } from '../plan/workload.js';
import type { Random } from '../random.js';
import { syncOf, topupOf } from './accounts.js';
import { call } from './call.js';
import { Client, type LaneWorld } from './client.js';
import { Desk } from './desk.js';
import { answered } from './front-end.js';
import { Keys } from './keys.js';
import type { Request } from './observations.js';
import { Purchases } from './purchases.js';
import { readBalance } from './reading.js';

/** One client, which does one thing after another. */
export class Lane {
  private readonly payments: Request[] = [];
  private readonly refunds: Request[] = [];
  private readonly users: Request[] = [];
  private readonly client: Client;
  private readonly keys: Keys;
  private readonly desk: Desk;
  private readonly purchases: Purchases;
  /** Steps taken so far. */
  taken = 0;

  constructor(
    index: number,
    private readonly random: Random,
    private readonly profile: Profile,
    private readonly world: LaneWorld,
  ) {
    this.client = new Client(index, world);
    this.keys = new Keys(this.client);
    this.desk = new Desk(this.client);
    this.purchases = new Purchases(this.client);
  }

  async work(isOver: () => boolean): Promise<void> {
    for (const step of laneSteps(this.random, this.profile)) {
      await wait(step.pauseMs);
      if (isOver()) return;
      await this.take(step);
      this.taken += 1;
    }
  }

  private take({ operation, insist }: Step): Promise<void> {
    switch (operation.kind) {
      case 'call':
        return this.call(operation);
      case 'topup':
      case 'topup-torn':
      case 'topup-again':
      case 'topup-other':
      case 'topup-nobody':
      case 'topup-invalid':
        return this.topup(operation, insist);
      case 'refund':
      case 'refund-again':
        return this.refund(operation, insist);
      case 'sync-new':
      case 'sync-again':
      case 'sync-taken':
        return this.sync(operation.kind, insist);
      case 'key-make':
      case 'key-revoke':
      case 'key-reset':
        return this.keys.take(operation, insist);
      case 'read':
        return this.read(operation);
      default:
        return isPurchase(operation)
          ? this.purchases.take(operation, insist)
          : this.desk.take(operation, insist);
    }
  }

  private async call(operation: Extract<Operation, { kind: 'call' }>): Promise<void> {
    const { observations, relayUrls } = this.world;
    const account = this.client.account(operation.account);
    // A key made on the way serves its owner's calls, also when it is dead: then they must be refused.
    const made = 'own' in operation.account ? this.keys.latest : undefined;
    const caller = {
      user: account.user,
      accessKey: made?.accessKey ?? account.accessKey,
      tokenId: made?.tokenId ?? account.tokenId,
      keyIsDead: made?.dead ?? false,
    };
    const url = relayUrls[operation.relay] ?? relayUrls[0];
    const seen = await call(url, `relay-${operation.relay + 1}`, caller, operation);
    observations.calls.push(seen);
    observations.notePosition(account.user, seen.position);
    if (seen.status === 0 && operation.hangUpMs === null) await wait(100);
  }

  private async read({ account, fresh }: Extract<Operation, { kind: 'read' }>): Promise<void> {
    const { observations, apiUrl } = this.world;
    const { user } = this.client.account(account);
    const seen = await readBalance(apiUrl, user, fresh ? observations.positionOf(user) : undefined);
    if (seen) observations.readings.push(seen);
    else await wait(100);
  }

  private async topup(operation: Operation, insist: number): Promise<void> {
    const { observations } = this.world;
    const own = this.client.account({ own: true }).user;
    const earlier = 'back' in operation ? this.earlier(operation.back) : undefined;
    const payment = this.client.name('pay');
    switch (operation.kind) {
      case 'topup': {
        const { user } = this.client.account(operation.account);
        const request = topupOf(observations, user, payment, operation.amountUsd);
        this.payments.push(request);
        return this.client.ask(request, insist, operation.copies);
      }
      case 'topup-torn': {
        const [one, other] = operation.amountsUsd.map((usd) => topupOf(observations, own, payment, usd));
        if (one && other)
          await Promise.all([this.client.ask(one, insist, 2), this.client.ask(other, insist, 2)]);
        return;
      }
      case 'topup-again':
        if (earlier) await this.client.ask(earlier, insist, operation.copies);
        return;
      case 'topup-other': {
        if (!earlier || !answered(earlier)) return;
        const amount =
          operation.field === 'amount_usd'
            ? Math.round((earlier.amountUsd ?? 0) * 100 + 100) / 100
            : earlier.amountUsd;
        const user = operation.field === 'amount_usd' ? earlier.user : this.client.stranger(earlier.user);
        const conflict = { status: 409, code: 'payment_conflict' };
        return this.client.ask(topupOf(observations, user, earlier.key, amount ?? 0, conflict), insist);
      }
      case 'topup-nobody': {
        const unknown = { status: 404, code: 'account_not_found' };
        return this.client.ask(
          topupOf(observations, `nobody-${this.client.index}`, payment, 1, unknown),
          insist,
        );
      }
      default: {
        const invalid = { status: 400, code: 'invalid_request' };
        return this.client.ask(topupOf(observations, own, payment, 0.001, invalid), insist);
      }
    }
  }

  private async refund(operation: Operation, insist: number): Promise<void> {
    if (operation.kind === 'refund-again') {
      const earlier = this.refunds.at(-1 - operation.back);
      // Of which nothing is remembered was lost with its payment, and is asked for again behind that.
      if (earlier?.attempts.length) await this.client.ask(earlier, insist);
      return;
    }
    if (operation.kind !== 'refund') return;
    const payment = this.earlier(operation.back);
    if (!payment || !answered(payment)) return;
    const refund = this.client.name('refund');
    const some = Math.round((payment.amountUsd ?? 0) * 30) / 100 || 0.01;
    const amountUsd = {
      some,
      rest: undefined,
      'too-much': Math.round((payment.amountUsd ?? 0) * 100 + 1) / 100,
    }[operation.part];
    const request = this.world.observations.request({
      kind: 'refund',
      key: `${payment.key} ${refund}`,
      user: payment.user,
      amountUsd,
      mustBe: operation.part === 'too-much' ? { status: 409, code: 'refund_exceeds_payment' } : undefined,
      method: 'POST',
      path: '/topup/refund',
      body: { payment_id: payment.key, refund_id: refund, ...(amountUsd && { amount_usd: amountUsd }) },
    });
    this.refunds.push(request);
    await this.client.ask(request, insist, operation.copies);
  }

  private async sync(kind: 'sync-new' | 'sync-again' | 'sync-taken', insist: number): Promise<void> {
    const { observations } = this.world;
    const earlier = this.users.at(-1);
    if (kind === 'sync-again') return earlier ? this.client.ask(earlier, insist, 2) : undefined;
    const user = this.client.name('user');
    if (kind === 'sync-new') {
      const request = syncOf(observations, user, user);
      this.users.push(request);
      return this.client.ask(request, insist, 2);
    }
    const taken = { status: 409, code: 'username_taken' };
    return this.client.ask(
      syncOf(observations, user, this.client.account({ own: true }).user, taken),
      insist,
    );
  }

  private earlier(back: number): Request | undefined {
    const { length } = this.payments;
    return length === 0 ? undefined : this.payments.at(-1 - (back % length));
  }
}
