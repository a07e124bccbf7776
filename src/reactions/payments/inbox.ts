import { createHash } from 'node:crypto';
import type pg from 'pg';
import { v7 } from 'uuid';
import { type Keyring, paymentInboxPurpose } from '../../support/keyring.js';
import type { Sighting } from '../../domain/order/sighting.js';
import type { RawRequest } from './provider.js';
import { readSightings, writeSightings } from './sighting-text.js';

export type Verdict = 'received' | 'stored' | 'ignored' | 'forged' | 'later';

export interface InboxEntry {
  readonly id: string;
  readonly providerId: string;
  readonly sha256: string;
  readonly verdict: Verdict;
  readonly times: number;
  readonly receivedAt: Date;
  readonly lastAt: Date;
}

export interface UndoneNotification extends Pick<InboxEntry, 'id' | 'providerId' | 'sha256'> {
  /** Of the provider's configuration: under which it was signed. */
  readonly revision: number;
  readonly sightings: readonly Sighting[];
}

/** Forged ones are counted beyond so many an hour, and not written down. */
const FORGED_MOST = 1_000;

export const sha256Of = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

interface Row {
  readonly id: string;
  readonly provider_id: string;
  readonly sha256: string;
  readonly verdict: Verdict;
  readonly times: number;
  readonly received_at: Date;
  readonly last_at: Date;
}

/** What providers sent, kept as evidence. Nothing is decided by it. */
export class PaymentInbox {
  constructor(
    private readonly pool: Pick<pg.Pool, 'query'>,
    private readonly keyring: Pick<Keyring, 'seal'>,
  ) {}

  /** Before anything is made of it. @returns what it is known by, and when it came first */
  async keep(
    providerId: string,
    { body, ...head }: RawRequest,
    /** Of what is signed: it is kept once. */
    sha256: string,
    orderIds: readonly string[],
    now: Date,
  ): Promise<{ readonly id: string; readonly receivedAt: Date }> {
    const id = v7();
    const plain = JSON.stringify({ ...head, body: body.toString('base64') });
    const { rows } = await this.pool.query<{ id: string; received_at: Date }>(
      `INSERT INTO payment_inbox AS i (id, provider_id, sha256, sealed, verdict, order_ids, received_at, last_at)
       VALUES ($1, $2, $3, $4, 'received', $5, $6, $6)
       ON CONFLICT (provider_id, sha256) DO UPDATE SET times = i.times + 1, last_at = $6
       RETURNING id, received_at`,
      [
        id,
        providerId,
        sha256,
        JSON.stringify(this.keyring.seal(plain, paymentInboxPurpose(id))),
        orderIds,
        now,
      ],
    );
    return { id: rows[0]?.id ?? id, receivedAt: rows[0]?.received_at ?? now };
  }

  /** What it says, for who comes back to it. */
  async understand(id: string, revision: number, sightings: readonly Sighting[]): Promise<void> {
    await this.pool.query('UPDATE payment_inbox SET provider_revision = $2, sightings = $3 WHERE id = $1', [
      id,
      revision,
      writeSightings(sightings),
    ]);
  }

  /** What was understood and not taken: its order was not there, or a process died. The oldest first. */
  async undone(before: Date, limit: number): Promise<readonly UndoneNotification[]> {
    const { rows } = await this.pool.query<Row & { provider_revision: bigint; sightings: unknown }>(
      `SELECT id, provider_id, provider_revision, sha256, sightings FROM payment_inbox
       WHERE verdict IN ('received', 'later') AND received_at < $1 AND sightings IS NOT NULL ORDER BY received_at, id LIMIT $2`,
      [before, limit],
    );
    return rows.map((row) => ({
      id: row.id,
      providerId: row.provider_id,
      revision: Number(row.provider_revision),
      sha256: row.sha256,
      sightings: readSightings(row.sightings),
    }));
  }

  async judge(id: string, verdict: Verdict): Promise<void> {
    await this.pool.query('UPDATE payment_inbox SET verdict = $2 WHERE id = $1', [id, verdict]);
  }

  /** Nothing of it is kept: anybody can send anything. Beside one that is signed it stands apart: with another clock the same may be good. */
  async noteForged(providerId: string, request: RawRequest, now: Date): Promise<void> {
    await this.pool.query(
      `INSERT INTO payment_inbox AS i (id, provider_id, sha256, verdict, received_at, last_at)
       SELECT $1, $2, $3, 'forged', $4, $4
       WHERE (SELECT count(*) FROM payment_inbox WHERE verdict = 'forged' AND received_at > $4::timestamptz - interval '1 hour') < ${FORGED_MOST}
       ON CONFLICT (provider_id, sha256) DO UPDATE SET times = i.times + 1, last_at = $4`,
      [v7(), providerId, sha256Of(`forged ${sha256Of(sent(request))}`), now],
    );
  }

  /** What came about an order, the oldest first. */
  async ofOrder(orderId: string): Promise<readonly InboxEntry[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT id, provider_id, sha256, verdict, times, received_at, last_at FROM payment_inbox
       WHERE order_ids @> ARRAY[$1] ORDER BY received_at, id LIMIT 200`,
      [orderId],
    );
    return rows.map((row) => ({
      id: row.id,
      providerId: row.provider_id,
      sha256: row.sha256,
      verdict: row.verdict,
      times: row.times,
      receivedAt: row.received_at,
      lastAt: row.last_at,
    }));
  }

  async purge(keptMs: number, now: Date): Promise<void> {
    await this.pool.query(
      `DELETE FROM payment_inbox WHERE received_at < $1::timestamptz - $2 * interval '1 millisecond'`,
      [now, keptMs],
    );
  }
}

/** What a notification says: in its body, or in its query where it has none. */
export const sent = ({ body, query }: Pick<RawRequest, 'body' | 'query'>): Uint8Array | string =>
  body.length > 0 ? body : query;
