import type { Queryable } from '../runtime/projection.js';

const WRITE_INTERVAL_MS = 1_000;

/** The last position that a cache was known to have been told of, across restarts. Written now and then: an older one costs only repetition. */
export class FeedMark {
  #position = -1n;
  #written = -1n;
  #writeAtMs = 0;

  constructor(
    private readonly db: Queryable,
    private readonly now: () => Date,
  ) {}

  get position(): bigint {
    return this.#position;
  }

  /** Reads it. The first projector ever begins where the tables are. */
  async start(position: bigint): Promise<void> {
    await this.db.query('INSERT INTO projection_cache_feed (position) VALUES ($1) ON CONFLICT DO NOTHING', [
      position,
    ]);
    const { rows } = await this.db.query<{ position: bigint }>('SELECT position FROM projection_cache_feed');
    this.#written = rows[0]?.position ?? position;
    this.#position = this.#written;
  }

  async reached(position: bigint): Promise<void> {
    if (position > this.#position) this.#position = position;
    if (this.#position === this.#written || this.now().getTime() < this.#writeAtMs) return;
    await this.db.query('UPDATE projection_cache_feed SET position = greatest(position, $1)', [
      this.#position,
    ]);
    this.#written = this.#position;
    this.#writeAtMs = this.now().getTime() + WRITE_INTERVAL_MS;
  }
}
