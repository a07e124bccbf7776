import { setTimeout as wait } from 'node:timers/promises';
import { type AccountChoice, laneSteps, type Operation, type Profile, type Step } from '../plan/workload.js';
import type { Random } from '../random.js';
import { type Account, type Accounts, keyOf, syncOf, topupOf } from './accounts.js';
import { call } from './call.js';
import { answered, send } from './front-end.js';
import type { Observations, Request } from './observations.js';

export interface LaneWorld {
  readonly accounts: Accounts;
  readonly observations: Observations;
  readonly apiUrl: string;
  readonly relayUrls: readonly [string, string];
}

interface Key {
  readonly request: Request;
  readonly accessKey: string;
  readonly tokenId: number;
  dead: boolean;
}

/** One client, which does one thing after another. */
export class Lane {
  private readonly payments: Request[] = [];
  private readonly refunds: Request[] = [];
  private readonly users: Request[] = [];
  private readonly keys: Key[] = [];
  private made = 0;
  /** Steps taken so far. */
  taken = 0;

  constructor(
    private readonly index: number,
    private readonly random: Random,
    private readonly profile: Profile,
    private readonly world: LaneWorld,
  ) {}

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
      default:
        return this.key(operation, insist);
    }
  }

  private async call(operation: Extract<Operation, { kind: 'call' }>): Promise<void> {
    const { observations, relayUrls } = this.world;
    const account = this.account(operation.account);
    // A key made on the way serves its owner's calls, also when it is dead: then they must be refused.
    const made = 'own' in operation.account ? this.keys.at(-1) : undefined;
    const caller = {
      user: account.user,
      accessKey: made?.accessKey ?? account.accessKey,
      keyIsDead: made?.dead ?? false,
    };
    const url = relayUrls[operation.relay] ?? relayUrls[0];
    const seen = await call(url, `relay-${operation.relay + 1}`, caller, operation);
    observations.calls.push(seen);
    if (seen.status === 0 && operation.hangUpMs === null) await wait(100);
  }

  private async topup(operation: Operation, insist: number): Promise<void> {
    const { observations } = this.world;
    const own = this.account({ own: true }).user;
    const earlier = 'back' in operation ? this.earlier(operation.back) : undefined;
    const payment = this.name('pay');
    switch (operation.kind) {
      case 'topup': {
        const { user } = this.account(operation.account);
        const request = topupOf(observations, user, payment, operation.amountUsd);
        this.payments.push(request);
        return this.ask(request, insist, operation.copies);
      }
      case 'topup-torn': {
        const [one, other] = operation.amountsUsd.map((usd) => topupOf(observations, own, payment, usd));
        if (one && other) await Promise.all([this.ask(one, insist, 2), this.ask(other, insist, 2)]);
        return;
      }
      case 'topup-again':
        if (earlier) await this.ask(earlier, insist, operation.copies);
        return;
      case 'topup-other': {
        if (!earlier || !answered(earlier)) return;
        const amount =
          operation.field === 'amount_usd'
            ? Math.round((earlier.amountUsd ?? 0) * 100 + 100) / 100
            : earlier.amountUsd;
        const user = operation.field === 'amount_usd' ? earlier.user : this.stranger(earlier.user);
        const conflict = { status: 409, code: 'payment_conflict' };
        return this.ask(topupOf(observations, user, earlier.key, amount ?? 0, conflict), insist);
      }
      case 'topup-nobody': {
        const unknown = { status: 404, code: 'account_not_found' };
        return this.ask(topupOf(observations, `nobody-${this.index}`, payment, 1, unknown), insist);
      }
      default: {
        const invalid = { status: 400, code: 'invalid_request' };
        return this.ask(topupOf(observations, own, payment, 0.001, invalid), insist);
      }
    }
  }

  private async refund(operation: Operation, insist: number): Promise<void> {
    if (operation.kind === 'refund-again') {
      const earlier = this.refunds.at(-1 - operation.back);
      if (earlier) await this.ask(earlier, insist);
      return;
    }
    if (operation.kind !== 'refund') return;
    const payment = this.earlier(operation.back);
    if (!payment || !answered(payment)) return;
    const refund = this.name('refund');
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
    await this.ask(request, insist, operation.copies);
  }

  private async sync(kind: 'sync-new' | 'sync-again' | 'sync-taken', insist: number): Promise<void> {
    const { observations } = this.world;
    const earlier = this.users.at(-1);
    if (kind === 'sync-again') return earlier ? this.ask(earlier, insist, 2) : undefined;
    const user = this.name('user');
    if (kind === 'sync-new') {
      const request = syncOf(observations, user, user);
      this.users.push(request);
      return this.ask(request, insist, 2);
    }
    const taken = { status: 409, code: 'username_taken' };
    return this.ask(syncOf(observations, user, this.account({ own: true }).user, taken), insist);
  }

  private async key(operation: Operation, insist: number): Promise<void> {
    const { observations, apiUrl } = this.world;
    const { user } = this.account({ own: true });
    if (operation.kind === 'key-make') {
      const request = keyOf(observations, user, this.name('key'));
      await this.ask(request, insist, operation.copies);
      const made = answered<{ access_key: string; token_id: number }>(request);
      if (made) this.keys.push({ request, accessKey: made.access_key, tokenId: made.token_id, dead: false });
      return;
    }
    const key = this.keys.findLast(({ dead }) => !dead);
    if (!key) return;
    const revoking = operation.kind === 'key-revoke';
    const about = { external_user_id: user, token_id: key.tokenId };
    const request = observations.request({
      kind: 'key',
      key: `${operation.kind} ${key.request.key} ${this.name('change')}`,
      user,
      method: revoking ? 'DELETE' : 'POST',
      path: revoking ? '/token' : '/token/reset',
      body: about,
    });
    const { kind } = await send(apiUrl, request);
    // Without a clear answer nobody knows whether it lives: it is used no more.
    if (kind === 'acknowledged') key.dead = true;
    else this.keys.splice(this.keys.indexOf(key), 1);
  }

  private async ask(request: Request, insist: number, copies = 1): Promise<void> {
    const { apiUrl } = this.world;
    const attempts = await Promise.all(Array.from({ length: copies }, () => send(apiUrl, request)));
    // The lane does not run hot while everything is away.
    if (attempts.every(({ status }) => status === 0)) await wait(100);
    let open = attempts.every(({ kind }) => kind === 'ambiguous');
    for (let again = 0; open && again < insist; again++) {
      await wait(150);
      open = (await send(apiUrl, request)).kind === 'ambiguous';
    }
  }

  private account(choice: AccountChoice): Account {
    const { shared, own } = this.world.accounts;
    const account = 'own' in choice ? own[this.index] : shared[choice.shared];
    if (!account) throw new Error('no such account');
    return account;
  }

  private stranger(user: string): string {
    const others = this.world.accounts.own.filter((other) => other.user !== user);
    return others[this.index % others.length]?.user ?? '';
  }

  private earlier(back: number): Request | undefined {
    const { length } = this.payments;
    return length === 0 ? undefined : this.payments.at(-1 - (back % length));
  }

  private name(what: string): string {
    return `${what}-${this.index}-${++this.made}`;
  }
}
