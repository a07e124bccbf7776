import type pg from 'pg';
import { v7 } from 'uuid';
import { z } from 'zod';
import type { ListedMail, MailQueue, MailsToSend, MailState } from '../commands/login/ports.js';
import { type Sealed, sealedField } from '../domain/stored/fields.js';
import type { Keyring } from '../support/keyring.js';

/** What the parts of a mail are sealed for. */
export const mailPurpose = (id: string, part: 'envelope' | 'body'): string => `mail-${part}:${id}`;

const envelopeSchema = z.object({ to: z.string(), subject: z.string() });
const bodySchema = z.object({ text: z.string(), html: z.string() });

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly envelope: Sealed;
  readonly body: Sealed | null;
  readonly state: MailState;
  readonly attempts: number;
  readonly answer: string | null;
  readonly created_at: Date;
  readonly next_at: Date;
  readonly ended_at: Date | null;
}

export interface MailStore extends MailQueue, MailsToSend {
  /** The newest first, before one of them where one is named. */
  list(page: {
    readonly before?: string | undefined;
    readonly limit: number;
  }): Promise<readonly ListedMail[]>;
  /** Undefined where there is none. */
  stateOf(id: string): Promise<MailState | undefined>;
  /** Takes one out that was not sent; who is sending it meanwhile may do so all the same. */
  withdraw(id: string): Promise<void>;
}

const COLUMNS = 'id, kind, envelope, body, state, attempts, answer, created_at, next_at, ended_at';

/**
 * Sealed under the master key: a mail may go to somebody who has no account, and so no key.
 *
 * @param options.delivers whether there is a server to send them; else they are kept to be looked at
 * @param options.onAdded somebody may send it at once
 */
export function createMails(
  pool: Pick<pg.Pool, 'query'>,
  keyring: Pick<Keyring, 'seal' | 'open'>,
  { delivers, onAdded }: { readonly delivers: boolean; readonly onAdded?: () => void },
): MailStore {
  const open: Open = (id, part, sealed, schema) =>
    schema.parse(JSON.parse(keyring.open(sealedField.parse(sealed), mailPurpose(id, part))));
  return {
    // Of their own: in the order in which they were added, also within a millisecond.
    add: async ({ id = v7(), kind, accountId, to, content }, now) => {
      const { subject, text, html } = content;
      const sealed = (part: 'envelope' | 'body', said: object) =>
        JSON.stringify(keyring.seal(JSON.stringify(said), mailPurpose(id, part)));
      await pool.query(
        `INSERT INTO mails (id, kind, account_id, envelope, body, state, created_at, next_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (id) DO NOTHING`,
        [
          id,
          kind,
          accountId ?? null,
          sealed('envelope', { to, subject }),
          sealed('body', { text, html }),
          delivers ? 'waiting' : 'kept',
          now,
        ],
      );
      onAdded?.();
    },
    stateOf: async (id) => {
      const { rows } = await pool.query<Pick<Row, 'state'>>('SELECT state FROM mails WHERE id = $1', [id]);
      return rows[0]?.state;
    },
    withdraw: async (id) =>
      void (await pool.query(`DELETE FROM mails WHERE id = $1 AND state <> 'sent'`, [id])),
    ...mailsToSend(pool, open),
    list: async ({ before, limit }) => {
      const { rows } = await pool.query<Row>(
        `SELECT ${COLUMNS} FROM mails
         WHERE $1::uuid IS NULL OR (created_at, id) < (SELECT created_at, id FROM mails WHERE id = $1)
         ORDER BY created_at DESC, id DESC LIMIT $2`,
        [before ?? null, limit],
      );
      return rows.map((row) => ({
        id: row.id,
        kind: row.kind,
        ...open(row.id, 'envelope', row.envelope, envelopeSchema),
        // A link on its way is for its reader alone: with it an operator could be somebody else.
        text: row.state === 'kept' && row.body ? open(row.id, 'body', row.body, bodySchema).text : null,
        state: row.state,
        attempts: row.attempts,
        answer: row.answer,
        createdAt: row.created_at,
        nextAt: row.state === 'waiting' ? row.next_at : null,
      }));
    },
  };
}

type Open = <T>(id: string, part: 'envelope' | 'body', sealed: unknown, schema: z.ZodType<T>) => T;

function mailsToSend(pool: Pick<pg.Pool, 'query'>, open: Open): MailsToSend {
  const end = (id: string, state: MailState, answer: string, now: Date) =>
    pool.query(
      `UPDATE mails SET state = $2, answer = $3, ended_at = $4, body = NULL, attempts = attempts + 1 WHERE id = $1`,
      [id, state, answer, now],
    );
  return {
    claim: async (count, leaseMs, now) => {
      const { rows } = await pool.query<Row>(
        `UPDATE mails SET next_at = $1::timestamptz + $2 * interval '1 millisecond'
         WHERE id IN (SELECT id FROM mails WHERE state = 'waiting' AND next_at <= $1
                      ORDER BY next_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
         RETURNING ${COLUMNS}`,
        [now, leaseMs, count],
      );
      return rows.map(({ id, envelope, body, attempts, created_at: createdAt }) => {
        const { to, subject } = open(id, 'envelope', envelope, envelopeSchema);
        return { id, to, content: { subject, ...open(id, 'body', body, bodySchema) }, attempts, createdAt };
      });
    },
    sent: async (id, answer, now) => void (await end(id, 'sent', answer, now)),
    failed: async (id, answer, nextAt, now) => {
      if (nextAt === undefined) return void (await end(id, 'failed', answer, now));
      await pool.query('UPDATE mails SET attempts = attempts + 1, answer = $2, next_at = $3 WHERE id = $1', [
        id,
        answer,
        nextAt,
      ]);
    },
    purge: async (keptMs, now) => {
      const { rowCount } = await pool.query(
        `DELETE FROM mails
         WHERE state <> 'waiting'
           AND coalesce(ended_at, created_at) < $1::timestamptz - $2 * interval '1 millisecond'`,
        [now, keptMs],
      );
      return rowCount ?? 0;
    },
  };
}

/** Mails that were given up since. */
export async function countFailedMails(pool: Pick<pg.Pool, 'query'>, since: Date): Promise<number> {
  const { rows } = await pool.query<{ failed: bigint }>(
    `SELECT count(*) AS failed FROM mails WHERE state = 'failed' AND ended_at >= $1`,
    [since],
  );
  return Number(rows[0]?.failed ?? 0);
}
