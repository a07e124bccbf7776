/**
 * Keeps the sweeper from taking living owners for dead after this process (or the machine) stood still: when nobody has swept for
 * half a lease, nothing is swept for one lease more, in which owners renew.
 */
export class SweepGate {
  private lastSweepMs = Number.NEGATIVE_INFINITY;
  private sweepFromMs = 0;

  constructor(private readonly leaseMs: number) {}

  /** Notes a sweep; true when leases that have run out may be believed. */
  pass(nowMs: number): boolean {
    if (nowMs - this.lastSweepMs > this.leaseMs / 2) this.sweepFromMs = nowMs + this.leaseMs;
    this.lastSweepMs = nowMs;
    return nowMs >= this.sweepFromMs;
  }
}
