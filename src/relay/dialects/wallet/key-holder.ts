import type { ReadModels } from '../../../projections/read-models.js';
import type { AccessKeyView, WalletView } from '../../../projections/token/view.js';
import type { LogRow } from '../../../projections/usage/log-row.js';
import { CallRefused } from '../../errors.js';

/** What whoever holds a key may know of it, and of the account that it spends. */
export interface KeyHolder {
  wallet(): Promise<Wallet>;
  /** The newest rows of the key's own calls. */
  calls(limit: number): Promise<readonly LogRow[]>;
  /** A call of the key, by the id of its request or its own. @throws CallRefused `reference_not_found` */
  call(id: string): Promise<LogRow>;
}

/** Quota. Of a key with a limit of its own, `used` and `available` are the key's; of any other, the account's. */
export interface Wallet extends WalletView {
  readonly key: AccessKeyView;
  readonly used: bigint;
  /** What can be spent with the key now. Never negative. */
  readonly available: bigint;
}

/** What the holder's questions are answered from. */
export type WalletReads = Pick<ReadModels, 'wallet' | 'call' | 'logs' | 'waitForSettled'>;

/** A call that has just ended should be seen by who asks what it cost. */
const SETTLED_WITHIN_MS = 500;

export function keyHolder(reads: WalletReads, key: AccessKeyView): KeyHolder {
  const { accountId, tokenId } = key;
  const settled = () => reads.waitForSettled(accountId, SETTLED_WITHIN_MS);
  return {
    async wallet() {
      await settled();
      const view = await reads.wallet(tokenId);
      // Only a read model that is being made anew does not have a key that was found a moment ago.
      if (!view) throw new CallRefused({ code: 'ledger_unavailable', retryAfterMs: 1_000 });
      return { ...view, key, ...spendable(view) };
    },
    async calls(limit) {
      await settled();
      return (await reads.logs(accountId, { tokenId }, { offset: 0, limit })).rows;
    },
    async call(id) {
      await settled();
      const found = await reads.call(tokenId, id);
      if (!found) throw new CallRefused({ code: 'reference_not_found', member: 'id', id });
      return found;
    },
  };
}

function spendable({ balance, keyLimit, keyUsed, usedQuota }: WalletView) {
  const left = keyLimit === null || balance < keyLimit - keyUsed ? balance : keyLimit - keyUsed;
  return { used: keyLimit === null ? usedQuota : keyUsed, available: left > 0n ? left : 0n };
}
