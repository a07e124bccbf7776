import type { AlertRules } from '../../domain/alert/rule.js';

/** Where and of what the owner of an account wants to be told. */
export interface UserAlertSettings {
  readonly rules: AlertRules;
  readonly byMail: boolean;
  /** Of what is written. */
  readonly language: 'zh' | 'en';
  readonly webhook: Webhook | undefined;
}

export interface Webhook {
  readonly url: string;
  /** What bodies are signed with. */
  readonly secret: string;
}

/** One thing that was told: figures alone. */
export interface UserAlertNotice {
  readonly alert: Readonly<Record<string, string | number>>;
  readonly toldAt: Date;
}

/** What people want to be told of, beside the log: a wish, and an address that may have a secret in it. */
export interface UserAlertStore {
  find(accountId: string): Promise<UserAlertSettings | undefined>;
  /** From now on it is looked by these rules. */
  save(
    account: { readonly accountId: string; readonly externalUserId: string },
    settings: UserAlertSettings,
  ): Promise<void>;
  /** The newest first. */
  notices(accountId: string, limit: number): Promise<readonly UserAlertNotice[]>;
}

/** Where a receiver that operators named is reached. */
export type ReceiverAddress =
  | { readonly kind: 'mail'; readonly to: string; readonly language: 'zh' | 'en' }
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string };

/** Addresses and secrets of those whom operators named in the settings. */
export interface AlertAddresses {
  find(name: string): Promise<ReceiverAddress | undefined>;
  save(name: string, address: ReceiverAddress): Promise<void>;
  forget(name: string): Promise<void>;
}
