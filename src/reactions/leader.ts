import type pg from 'pg';
import { repeat } from '../support/repeat.js';

export interface LeaderParts {
  readonly pool: Pick<pg.Pool, 'connect'>;
  /** What is done, for ever by that name: processes of other versions stand beside this one. */
  readonly work: string;
  readonly lead: () => Promise<void>;
  readonly onFault: (error: unknown) => void;
}

const TICK_MS = 1_000;

/** Has something done every second, by one process of all: by whoever gets the lock of that work, for as long as that takes. */
export class Leader {
  private stopRepeating: (() => Promise<void>) | undefined;

  constructor(private readonly parts: LeaderParts) {}

  start(): void {
    this.stopRepeating = repeat(TICK_MS, async () => {
      await this.tick().catch(this.parts.onFault);
      return TICK_MS;
    });
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    await this.stopRepeating?.();
  }

  /** What is due now, unless another process does it. */
  async tick(): Promise<void> {
    const guard = await this.parts.pool.connect();
    let broken: Error | undefined;
    try {
      const { rows } = await guard.query<{ locked: boolean }>(
        'SELECT pg_try_advisory_lock(hashtext($1), 0) AS locked',
        [this.parts.work],
      );
      if (rows[0]?.locked) await this.parts.lead();
    } finally {
      // Only this takes such locks on this connection.
      await guard.query('SELECT pg_advisory_unlock_all()').catch((error: Error) => (broken = error));
      guard.release(broken);
    }
  }
}
