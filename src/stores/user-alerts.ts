import type pg from 'pg';
import { z } from 'zod';
import type { UserAlertNotice, UserAlertSettings, UserAlertStore } from '../commands/alert/ports.js';
import { rulesOf, storedRules } from '../domain/alert/stored-rules.js';
import { sealedField } from '../domain/stored/fields.js';
import type { Keyring } from '../support/keyring.js';

/** What a webhook is sealed for. */
export const webhookPurpose = (accountId: string): string => `webhook:${accountId}`;

const webhookSchema = z.object({ url: z.string(), secret: z.string() });
interface Row {
  readonly rules: unknown;
  readonly by_mail: boolean;
  readonly language: 'zh' | 'en';
  readonly webhook: unknown;
}

export function createUserAlerts(
  pool: Pick<pg.Pool, 'query'>,
  keyring: Pick<Keyring, 'seal' | 'open'>,
): UserAlertStore {
  return {
    find: async (accountId) => {
      const { rows } = await pool.query<Row>(
        `SELECT rules, by_mail, coalesce(l.language, a.language) AS language, webhook
         FROM user_alerts a LEFT JOIN user_languages l USING (account_id) WHERE account_id = $1`,
        [accountId],
      );
      const [row] = rows;
      return (
        row && settingsOf(row, (sealed) => keyring.open(sealedField.parse(sealed), webhookPurpose(accountId)))
      );
    },
    save: async ({ accountId, externalUserId }, { rules, byMail, language, webhook }) => {
      const sealed = webhook && keyring.seal(JSON.stringify(webhook), webhookPurpose(accountId));
      await pool.query(
        `INSERT INTO user_alerts (account_id, external_user_id, rules, by_mail, language, webhook)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (account_id) DO UPDATE SET external_user_id = $2, rules = $3, by_mail = $4, language = $5, webhook = $6, looked_at = -1`,
        [
          accountId,
          externalUserId,
          JSON.stringify(storedRules(rules)),
          byMail,
          language,
          sealed ? JSON.stringify(sealed) : null,
        ],
      );
    },
    notices: async (accountId, limit) => {
      const { rows } = await pool.query<{ alert: UserAlertNotice['alert']; told_at: Date }>(
        'SELECT alert, told_at FROM user_alert_notices WHERE account_id = $1 ORDER BY told_at DESC, id LIMIT $2',
        [accountId, limit],
      );
      return rows.map(({ alert, told_at: toldAt }) => ({ alert, toldAt }));
    },
  };
}

function settingsOf(
  { rules, by_mail: byMail, language, webhook }: Row,
  open: (sealed: unknown) => string,
): UserAlertSettings {
  return {
    rules: rulesOf(rules),
    byMail,
    language,
    webhook: webhook === null ? undefined : webhookSchema.parse(JSON.parse(open(webhook))),
  };
}
