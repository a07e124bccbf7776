import { type SettingKey, settingKeys, settingValues } from '../../domain/setting/settings.js';
import type { ChangedSetting } from './view.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';

interface Row {
  readonly key: string;
  readonly value: unknown;
  readonly changed_by: string;
  readonly changed_at: Date;
}

/** Every setting that was ever changed, by key. */
export async function readSettings(db: Queryable): Promise<readonly ChangedSetting[]> {
  const { rows } = await db.query<Row>(
    `SELECT key, value, changed_by, changed_at FROM ${schemaOf('settings')}.settings ORDER BY key`,
  );
  return rows
    .filter((row): row is Row & { key: SettingKey } => (settingKeys as readonly string[]).includes(row.key))
    .map(({ key, value, changed_by, changed_at }) => ({
      key,
      value: settingValues[key].nullable().parse(value),
      changedBy: changed_by,
      changedAt: changed_at,
    }));
}
