/** What a hold takes from a budget: what was granted, or from its settlement on the charge. */
interface Claim {
  readonly amount: bigint;
  /** Log position of the charge, once it is durable. */
  readonly settledAt: bigint | undefined;
}

/** One account's or key's money in memory: the projected balance, and what open holds claim of it. */
export class Budget {
  /** Undefined while it is not cached; holds may claim all the same. */
  projected: { readonly balance: bigint; readonly position: bigint } | undefined;
  private claimed = 0n;
  private readonly claims = new Map<string, Claim>();

  get held(): bigint {
    return this.claimed;
  }

  get holdIds(): readonly string[] {
    return [...this.claims.keys()];
  }

  /** The hold claims this amount from now on, unless the balance already contains its charge. */
  claim(holdId: string, amount: bigint, settledAt?: bigint): void {
    this.forget(holdId);
    if (settledAt !== undefined && this.projected && this.projected.position >= settledAt) return;
    this.claims.set(holdId, { amount, settledAt });
    this.claimed += amount;
  }

  isClaimedBy(holdId: string): boolean {
    return this.claims.has(holdId);
  }

  forget(holdId: string): void {
    const claim = this.claims.get(holdId);
    if (!claim) return;
    this.claims.delete(holdId);
    this.claimed -= claim.amount;
  }

  /** Takes a newer balance and forgets the settled claims that it contains; their ids are answered. */
  project(balance: bigint, position: bigint): readonly string[] {
    if (this.projected && this.projected.position >= position) return [];
    this.projected = { balance, position };
    const contained: string[] = [];
    for (const [holdId, { settledAt }] of this.claims) {
      if (settledAt !== undefined && settledAt <= position) contained.push(holdId);
    }
    for (const holdId of contained) this.forget(holdId);
    return contained;
  }
}
