import type pg from 'pg';
import { type AlertFacts, decideUserAlerts, type UserAlert } from '../../domain/alert/rule.js';
import { rulesOf } from '../../domain/alert/stored-rules.js';
import { withTransaction } from '../../postgres/pool.js';
import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import { jsonRows } from '../../projections/runtime/rows.js';
import { readSpending } from '../../projections/statistics/billing/spent-days.js';
import { readLimitedKeys } from '../../projections/token/limited-keys.js';
import { repeat } from '../../support/repeat.js';
import { messageId, type Message } from '../outbox/message.js';
import type { Outbox } from '../outbox/outbox.js';
import { USER_MAIL, USER_WEBHOOK } from './told.js';

const EVERY_MS = 5_000;
const ACCOUNTS_A_LOOK = 500;
const DAYS_BEFORE = 14;

export interface UserAlertWatchOptions {
  readonly pool: pg.Pool;
  readonly outbox: Pick<Outbox, 'add'>;
  readonly now: () => Date;
  /** Something is to be sent. */
  readonly onMessages: () => void;
  readonly onFault: (error: unknown) => void;
}

interface Row {
  readonly external_user_id: string;
  readonly rules: unknown;
  readonly by_mail: boolean;
  readonly has_webhook: boolean;
  readonly open: readonly string[];
  readonly balance: bigint;
  readonly position: bigint;
}

/**
 * Looks at the accounts whose balance has moved since, and tells their owners what begins. What it is about are states, not events: who looks, and
 * how often, changes nothing, since what was told is written down in the transaction that puts it into the outbox.
 */
export class UserAlertWatch {
  constructor(private readonly options: UserAlertWatchOptions) {}

  /** Answers the way to stop. */
  start(): () => Promise<void> {
    return repeat(EVERY_MS, async () => {
      await this.look().catch(this.options.onFault);
      return EVERY_MS;
    });
  }

  /** One look at all that moved. Answers how many were told of something. */
  async look(): Promise<number> {
    const { rows } = await this.options.pool.query<{ account_id: string }>(
      `SELECT a.account_id FROM user_alerts a JOIN ${schemaOf('balance')}.balances b USING (account_id)
       WHERE b.position > a.looked_at ORDER BY b.position LIMIT $1`,
      [ACCOUNTS_A_LOOK],
    );
    let told = 0;
    for (const { account_id: accountId } of rows) if (await this.lookAt(accountId)) told += 1;
    if (told > 0) this.options.onMessages();
    return told;
  }

  private async lookAt(accountId: string): Promise<boolean> {
    const { pool, outbox, now } = this.options;
    return withTransaction(pool, async (tx) => {
      const { rows } = await tx.query<Row>(
        `SELECT a.external_user_id, a.rules, a.by_mail, a.webhook IS NOT NULL AS has_webhook, a.open, b.balance, b.position
         FROM user_alerts a JOIN ${schemaOf('balance')}.balances b USING (account_id) WHERE a.account_id = $1 FOR UPDATE OF a`,
        [accountId],
      );
      const [row] = rows;
      if (!row) return false;
      const rules = rulesOf(row.rules);
      const facts: AlertFacts = {
        balance: row.balance,
        keys: rules.keyUse ? await readLimitedKeys(tx, accountId) : [],
        spending: rules.unusualDay ? await readSpending(tx, accountId, DAYS_BEFORE) : undefined,
      };
      const { tell, open } = decideUserAlerts(rules, facts, new Set(row.open));
      await tx.query('UPDATE user_alerts SET open = $2, looked_at = $3 WHERE account_id = $1', [
        accountId,
        JSON.stringify(open),
        row.position,
      ]);
      const at = now();
      for (const alert of tell) {
        const id = messageId('user-alert', accountId, alert.key, row.position.toString());
        const payload = { account: row.external_user_id, at: at.toISOString(), ...figuresOf(alert) };
        await noteDown(tx, { id, accountId, at }, figuresOf(alert));
        const receivers = [...(row.by_mail ? [USER_MAIL] : []), ...(row.has_webhook ? [USER_WEBHOOK] : [])];
        const messages = receivers.map((receiver): Message => ({
          id: messageId('user-alert', id, receiver),
          receiver,
          kind: alert.kind,
          payload: { ...payload, account_id: accountId },
        }));
        await outbox.add(tx, messages, { source: 'user-alerts', position: row.position });
      }
      return tell.length > 0;
    });
  }
}

type Noted = { readonly id: string; readonly accountId: string; readonly at: Date };

async function noteDown(tx: Queryable, { id, accountId, at }: Noted, figures: object): Promise<void> {
  await tx.query(
    `INSERT INTO user_alert_notices (id, account_id, alert, told_at) VALUES ($1, $2, $3::jsonb -> 0, $4)
     ON CONFLICT (id) DO NOTHING`,
    [id, accountId, jsonRows([figures]), at],
  );
}

/** As it is stored and sent: quota fits a number. */
function figuresOf(alert: UserAlert): Record<string, string | number> {
  switch (alert.kind) {
    case 'balance':
      return { kind: alert.kind, balance: Number(alert.balance), below: Number(alert.below) };
    case 'key': {
      const { kind, tokenId, percent, used, limit } = alert;
      return { kind, token_id: tokenId, percent, used: Number(used), limit: Number(limit) };
    }
    case 'unusual-day':
      return { kind: alert.kind, day: alert.day, spent: Number(alert.spent), usual: Number(alert.usual) };
  }
}
