import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { z } from 'zod';
import { sealedField } from '../domain/stored/fields.js';
import type { Keyring } from '../support/keyring.js';

/** What a channel's tokens are sealed for; `id` is `channel/key`. */
export const channelTokenPurpose = (id: string): string => `channel-token:${id}`;

/** Beside the second half, which is the key's. */
const LOCK = 72_617;
/** Each has a connection for as long as a token endpoint takes: those of all others are not to wait for that. */
const AT_ONCE = 3;

const kept = z.object({
  accessToken: z.string(),
  expiresAtMs: z.number(),
  livesMs: z.number(),
  refreshToken: z.string().optional(),
  askedFor: z.string(),
});

type KeptToken = Omit<z.infer<typeof kept>, 'refreshToken'> & { readonly refreshToken: string | undefined };

/** What is done alone for one key of one channel. */
interface Turn {
  /** Of before. */
  readonly kept: KeptToken | undefined;
  /** Before what is good once is used: nobody else uses it until this has ended, or its time is over. */
  readonly asks: () => Promise<void>;
  /** Durable when it resolves, also where the connection was lost that the turn was begun by. */
  readonly keep: (token: KeptToken) => Promise<void>;
}

/** Longer than a token endpoint is waited for, and what it gives is being kept: nobody else asks with the same before. */
const TURN_MS = 15_000;
/** For a server that does not answer on the one connection: there may be others. */
const GUARD_ANSWERS_MS = 2_000;
const PAUSE_MS = 200;

/** Tokens as the relay keeps them for all its processes. */
export function createTokenStore(
  pool: Pick<pg.Pool, 'connect' | 'query'>,
  keyring: Pick<Keyring, 'seal' | 'open'>,
  { turnMs = TURN_MS }: { readonly turnMs?: number } = {},
) {
  const lanes: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());
  let next = 0;
  const locked = async <Result>(id: string, work: (guard: pg.PoolClient) => Promise<Result>) => {
    const guard = await pool.connect();
    let broken: Error | undefined;
    try {
      // Of the connection and not of a transaction: what is written is there at once, whatever becomes of the rest.
      await guard.query('SELECT pg_advisory_lock($1, hashtext($2))', [LOCK, id]);
      return await work(guard);
    } finally {
      await guard.query('SELECT pg_advisory_unlock_all()').catch((error: Error) => (broken = error));
      guard.release(broken);
    }
  };
  const inTurn = async <Result>(
    guard: pg.PoolClient,
    id: string,
    work: (turn: Turn) => Promise<Result>,
  ): Promise<Result> => {
    const turn = new TokenTurn({ guard, pool, turnMs, id });
    await turn.take();
    try {
      const { rows } = await guard.query<{ sealed: unknown }>(
        'SELECT sealed FROM channel_tokens WHERE id = $1',
        [id],
      );
      const before = rows[0] && keyring.open(sealedField.parse(rows[0].sealed), channelTokenPurpose(id));
      const token = before === undefined ? undefined : kept.parse(JSON.parse(before));
      return await work({
        kept: token && { ...token, refreshToken: token.refreshToken },
        asks: () => turn.extend(),
        keep: (given) => {
          const sealed = keyring.seal(JSON.stringify(given), channelTokenPurpose(id));
          return turn.keep(JSON.stringify(sealed), given.expiresAtMs / 1_000);
        },
      });
    } finally {
      await turn.end();
    }
  };
  return {
    /** Does the work alone over all processes, for this key of this channel. */
    alone: <Result>(
      { channelId, keyId }: { readonly channelId: string; readonly keyId: string },
      work: (turn: Turn) => Promise<Result>,
    ): Promise<Result> => {
      const id = `${channelId}/${keyId}`;
      const lane = next++ % AT_ONCE;
      const done = (lanes[lane] as Promise<unknown>).then(() =>
        locked(id, (guard) => inTurn(guard, id, work)),
      );
      lanes[lane] = done.catch(() => undefined);
      return done;
    },
  };
}

interface TurnParts {
  /** The connection that has the lock. */
  readonly guard: pg.PoolClient;
  readonly pool: Pick<pg.Pool, 'query'>;
  readonly turnMs: number;
  readonly id: string;
}

/**
 * A turn that a row tells of. The lock alone is the connection's: where that breaks while the endpoint is asked, the next one would ask with the
 * same refresh token. By the clock of the database.
 */
class TokenTurn {
  private readonly holder = randomUUID();
  private extended = false;

  constructor(private readonly parts: TurnParts) {}

  /** Waits for whoever lost its connection, and the lock with it, while it was asking: no longer than that may take. */
  async take(): Promise<void> {
    for (;;) {
      const { rowCount } = await this.parts.guard.query(
        `INSERT INTO channel_token_turns AS t (id, holder, until_at) VALUES ($1, $2, clock_timestamp())
         ON CONFLICT (id) DO UPDATE SET holder = $2, until_at = clock_timestamp() WHERE t.until_at <= clock_timestamp()`,
        [this.parts.id, this.holder],
      );
      if (rowCount === 1) return;
      await sleep(PAUSE_MS);
    }
  }

  async extend(): Promise<void> {
    const { rowCount } = await this.parts.guard.query(
      `UPDATE channel_token_turns SET until_at = clock_timestamp() + $3 * interval '1 millisecond' WHERE id = $1 AND holder = $2`,
      [this.parts.id, this.holder, this.parts.turnMs],
    );
    if (rowCount !== 1) throw new Error('somebody else fetches a token for this key');
    this.extended = true;
  }

  /** Who has the turn writes, by whatever connection there is. @throws where the turn is another's by now, or no connection comes in its time */
  async keep(sealed: string, expiresAt: number): Promise<void> {
    const { guard, pool, turnMs, id } = this.parts;
    const write = {
      text: `WITH mine AS (SELECT id FROM channel_token_turns WHERE id = $1 AND holder = $4 FOR UPDATE)
             INSERT INTO channel_tokens (id, sealed, expires_at) SELECT id, $2, to_timestamp($3) FROM mine
             ON CONFLICT (id) DO UPDATE SET sealed = $2, expires_at = to_timestamp($3)`,
      values: [id, sealed, expiresAt, this.holder],
      query_timeout: GUARD_ANSWERS_MS,
    };
    const until = performance.now() + turnMs;
    for (let ask = () => guard.query(write); ; ask = () => pool.query(write)) {
      const written = await ask().catch((error: Error) => error);
      if (!(written instanceof Error)) {
        if (written.rowCount === 1) return;
        throw new Error('the turn to keep a token is another one’s');
      }
      if (!this.extended || performance.now() > until) throw written;
      await sleep(PAUSE_MS);
    }
  }

  /** Where it cannot be said it ends by itself. */
  async end(): Promise<void> {
    const { guard, pool, id } = this.parts;
    const over = {
      text: 'DELETE FROM channel_token_turns WHERE id = $1 AND holder = $2',
      values: [id, this.holder],
      query_timeout: GUARD_ANSWERS_MS,
    };
    await guard.query(over).catch(() => pool.query(over).catch(() => undefined));
  }
}
