import type { SessionOwner } from './ports.js';

/** A key pair of somebody's device, of which we have the public half. */
export interface Passkey {
  readonly id: string;
  readonly owner: SessionOwner;
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
  /** Kept in several places: such keys do not count their signatures. */
  readonly backedUp: boolean;
  /** Whether it is asked for after the password as well. */
  readonly secondStep: boolean;
  readonly createdAt: Date;
  readonly usedAt: Date | null;
}

/** Passkeys, each in force where the log names its id. */
export interface Passkeys {
  /** @returns false where there is one of that id */
  add(passkey: Passkey): Promise<boolean>;
  find(id: string): Promise<Passkey | undefined>;
  /** The oldest first. */
  list(owner: SessionOwner): Promise<readonly Passkey[]>;
  /** @returns false where another use was counted meanwhile */
  used(id: string, counts: { readonly from: number; readonly to: number }, at: Date): Promise<boolean>;
  /** @returns false where the owner has no such key */
  change(
    owner: SessionOwner,
    id: string,
    change: { readonly name?: string | undefined; readonly secondStep?: boolean | undefined },
  ): Promise<boolean>;
  remove(owner: SessionOwner, id: string): Promise<void>;
}
