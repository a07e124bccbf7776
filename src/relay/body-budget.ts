import { CallRefused } from './errors.js';

export interface BodyBudgetSettings {
  /** Of all bodies that this process holds at once. */
  readonly bodyBudgetBytes: number;
  /** The same of one access key. */
  readonly bodyBudgetBytesPerKey: number;
}

/** Long enough for a body that is on its way to be whole and gone. */
const RETRY_AFTER_MS = 2_000;

/**
 * What the bodies of all calls may take of this process's memory. A body counts byte by byte as it comes, decoded, until its call is over,
 * so that what is only announced takes nobody's place.
 */
export class BodyBudget {
  private bytes = 0;
  private readonly byKey = new Map<number, number>();

  constructor(private readonly settings: BodyBudgetSettings) {}

  /** What is held at the moment. */
  get heldBytes(): number {
    return this.bytes;
  }

  /** For the body of one call. @param tokenId of the key that calls */
  share(tokenId: number): BodyShare {
    return new BodyShare(
      (bytes) => this.refuseBeyond(tokenId, bytes),
      (bytes) => this.add(tokenId, bytes),
    );
  }

  private refuseBeyond(tokenId: number, bytes: number): void {
    const { bodyBudgetBytes, bodyBudgetBytesPerKey } = this.settings;
    const ofKey = (this.byKey.get(tokenId) ?? 0) + bytes > bodyBudgetBytesPerKey;
    if (!ofKey && this.bytes + bytes <= bodyBudgetBytes) return;
    throw new CallRefused({ code: 'bodies_full', ofKey, retryAfterMs: RETRY_AFTER_MS });
  }

  private add(tokenId: number, bytes: number): void {
    this.bytes += bytes;
    const ofKey = (this.byKey.get(tokenId) ?? 0) + bytes;
    if (ofKey === 0) this.byKey.delete(tokenId);
    else this.byKey.set(tokenId, ofKey);
  }
}

/** One call's part of the budget. */
export class BodyShare {
  private taken = 0;

  constructor(
    private readonly refuseBeyond: (bytes: number) => void,
    private readonly add: (bytes: number) => void,
  ) {}

  /** Before so much is read. @throws CallRefused `bodies_full` */
  expect(bytes: number): void {
    this.refuseBeyond(bytes);
  }

  /** @throws CallRefused `bodies_full` */
  take(bytes: number): void {
    this.refuseBeyond(bytes);
    this.taken += bytes;
    this.add(bytes);
  }

  /** The body is held no more. May be called again. */
  release(): void {
    this.add(-this.taken);
    this.taken = 0;
  }
}
