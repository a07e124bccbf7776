import type { ChannelSettings } from '../domain/channel/events.js';
import type { PersonalData } from '../domain/account/personal-data.js';
import type { Group, Price } from '../domain/pricing/price.js';
import type { Refusal } from '../domain/refusal.js';
import type { SettingKey } from '../domain/setting/settings.js';

/** Who asks, under which request, and under which idempotency key where the caller gave one. */
export interface CommandMeta {
  /** `service-key:<id>`, `operator:<name>`, `bootstrap`, `system`, `open` */
  readonly actor: string;
  readonly requestId: string;
  readonly idempotencyKey?: string | undefined;
}

/** `position`: wait for it before reading what the command changed. `replayed`: the command had come before; nothing was appended. */
export type CommandResult<Value> =
  | { readonly ok: true; readonly value: Value; readonly position: bigint; readonly replayed: boolean }
  | { readonly ok: false; readonly refusal: Refusal };

/** The log or the cache cannot be reached: nothing is known to have happened, and the same command may be sent again at will. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
}

export interface SyncAccount extends Partial<PersonalData> {
  readonly externalUserId: string;
  readonly username: string;
  readonly loginType?: 'email' | 'wechat' | 'alipay' | 'sms' | undefined;
  readonly affCode?: string | undefined;
}

export interface IssueToken {
  readonly externalUserId: string;
  readonly tokenName: string;
  /** Days from now; null: never expires. */
  readonly expiresInDays: number | null;
  readonly quotaLimit: bigint | null;
  readonly models: readonly string[];
  readonly allowIps: readonly string[];
  readonly group: string | null;
}

/** Absent fields keep their value. */
export interface ChangeToken {
  readonly externalUserId: string;
  readonly tokenId: number;
  readonly tokenName?: string | undefined;
  readonly enabled?: boolean | undefined;
  /** Why it is disabled or enabled; recorded. */
  readonly reason?: string | undefined;
  readonly expiresInDays?: number | null | undefined;
  readonly quotaLimit?: bigint | null | undefined;
  readonly models?: readonly string[] | undefined;
  readonly allowIps?: readonly string[] | undefined;
  readonly group?: string | null | undefined;
}

interface TokenReference {
  readonly externalUserId: string;
  readonly tokenId: number;
}

interface RevokeToken extends TokenReference {
  /** Recorded. */
  readonly reason?: string | undefined;
}

export interface IssuedToken {
  readonly tokenId: number;
  readonly accountId: string;
  /** Shown once. On a replay within 24 hours it is the same key; later undefined, and only `keyMask` is left. */
  readonly accessKey: string | undefined;
  readonly keyMask: string;
  readonly tokenName: string;
  /** Unix seconds; null: never. */
  readonly expiresAt: number | null;
  readonly quotaLimit: bigint | null;
}

/** The write side, as the HTTP shell, the CLI and the bootstrap see it. Each may be retried at will. Rejects only with LedgerUnavailable. */
/** A key of a channel: its secret, or the id of one the channel has. `enabled` undefined: as it is, and a new one is in use. */
export type ChannelKeyInput = ({ readonly secret: string } | { readonly id: string }) & {
  readonly enabled?: boolean;
};

export interface Commands {
  syncAccount(
    input: SyncAccount,
    meta: CommandMeta,
  ): Promise<CommandResult<{ accountId: string; userId: number; isNew: boolean }>>;
  /** `amountUsd`: exact decimal text. */
  creditPayment(
    input: { externalUserId: string; amountUsd: string; paymentId: string },
    meta: CommandMeta,
  ): Promise<CommandResult<{ accountId: string; quota: bigint }>>;
  refundPayment(
    input: { paymentId: string; refundId: string; amountUsd?: string | undefined; reason: string },
    meta: CommandMeta,
  ): Promise<CommandResult<{ accountId: string; quota: bigint; amountUsd: string; remainingUsd: string }>>;
  adjustBalance(
    input: { externalUserId: string; adjustmentId: string; quota: bigint; reason: string },
    meta: CommandMeta,
  ): Promise<CommandResult<{ accountId: string }>>;

  issueToken(input: IssueToken, meta: CommandMeta): Promise<CommandResult<IssuedToken>>;
  changeToken(input: ChangeToken, meta: CommandMeta): Promise<CommandResult<{ tokenId: number }>>;
  resetToken(input: TokenReference, meta: CommandMeta): Promise<CommandResult<IssuedToken>>;
  revokeToken(input: RevokeToken, meta: CommandMeta): Promise<CommandResult<{ tokenId: number }>>;

  suspendAccount(
    input: { externalUserId: string; reason: string },
    meta: CommandMeta,
  ): Promise<CommandResult<{ accountId: string }>>;
  reinstateAccount(
    input: { externalUserId: string; reason: string },
    meta: CommandMeta,
  ): Promise<CommandResult<{ accountId: string }>>;
  changeAccountGroup(
    input: { externalUserId: string; group: string },
    meta: CommandMeta,
  ): Promise<CommandResult<{ accountId: string }>>;
  /** Shreds the person's key first, then records it. */
  eraseAccount(
    input: { externalUserId: string; reason: string },
    meta: CommandMeta,
  ): Promise<CommandResult<{ accountId: string }>>;

  /**
   * Publishes a new version unless it equals the one in force. `baseVersion`: refused when another one is. `unlessRepeated`: nor where the
   * actor's last list says the same; `keptLater` then tells that somebody else's stays in force.
   */
  publishPriceList(
    input: {
      prices: readonly Price[];
      groups: readonly Group[];
      baseVersion?: number;
      unlessRepeated?: boolean;
    },
    meta: CommandMeta,
  ): Promise<CommandResult<{ version: number; keptLater?: true }>>;
  /**
   * Creates or changes; nothing is appended when nothing differs. Secrets are sealed here. `proxyUrl` may carry credentials; undefined
   * keeps the proxy there is.
   */
  configureChannel(
    input: {
      channelId: string;
      settings: Omit<ChannelSettings, 'keys' | 'proxy_url' | 'sealed_proxy_credentials'>;
      keys: readonly ChannelKeyInput[];
      proxyUrl?: string | null | undefined;
      enabled: boolean;
    },
    meta: CommandMeta,
  ): Promise<CommandResult<{ channelId: string }>>;
  /** `automatic`: the ledger itself found that the channel cannot be used. */
  setChannelEnabled(
    input: { channelId: string; enabled: boolean; reason: string; automatic?: boolean },
    meta: CommandMeta,
  ): Promise<CommandResult<{ channelId: string }>>;
  /** The channel goes out of use with its last key. */
  setChannelKeyEnabled(
    input: { channelId: string; keyId: string; enabled: boolean; reason: string; automatic?: boolean },
    meta: CommandMeta,
  ): Promise<CommandResult<{ channelId: string }>>;

  /** `value` as the caller wrote it: checked by the domain. Null takes the setting back to its default. */
  changeSetting(
    input: { key: SettingKey; value: unknown },
    meta: CommandMeta,
  ): Promise<CommandResult<{ key: SettingKey }>>;
}
