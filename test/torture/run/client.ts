import { setTimeout as wait } from 'node:timers/promises';
import type { AccountChoice } from '../plan/workload.js';
import type { Provider } from '../cluster/provider.js';
import type { Account, Accounts } from './accounts.js';
import { send } from './front-end.js';
import type { Observations, Request } from './observations.js';

export interface LaneWorld {
  readonly accounts: Accounts;
  readonly observations: Observations;
  readonly apiUrl: string;
  readonly relayUrls: readonly [string, string];
  /** Of the operator who corrects, groups and erases; undefined where there is none. */
  readonly operatorToken: string | undefined;
  readonly provider: Provider;
  /** That can be redeemed, by whoever comes first. */
  readonly codes: readonly string[];
}

/** What the parts of a lane share: who it is, its names, and how it asks. */
export class Client {
  private made = 0;

  constructor(
    readonly index: number,
    readonly world: LaneWorld,
  ) {}

  async ask(request: Request, insist: number, copies = 1): Promise<void> {
    const { apiUrl, observations } = this.world;
    const attempts = await Promise.all(Array.from({ length: copies }, () => send(apiUrl, request)));
    // The lane does not run hot while everything is away.
    if (attempts.every(({ status }) => status === 0)) await wait(100);
    let open = attempts.every(({ kind }) => kind === 'ambiguous');
    for (let again = 0; open && again < insist; again++) {
      await wait(150);
      open = (await send(apiUrl, request)).kind === 'ambiguous';
    }
    for (const { position } of request.attempts) observations.notePosition(request.user, position);
  }

  account(choice: AccountChoice): Account {
    const { shared, own, buyers } = this.world.accounts;
    const account =
      'own' in choice ? own[this.index] : 'buyer' in choice ? buyers[this.index] : shared[choice.shared];
    if (!account) throw new Error('no such account');
    return account;
  }

  get own(): Account {
    return this.account({ own: true });
  }

  stranger(user: string): string {
    const others = this.world.accounts.own.filter((other) => other.user !== user);
    return others[this.index % others.length]?.user ?? '';
  }

  name(what: string): string {
    return `${what}-${this.index}-${++this.made}`;
  }
}
