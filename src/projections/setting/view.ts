import type { SettingKey, Settings } from '../../domain/setting/settings.js';

/** A setting that was changed while the service ran. A value of null: taken back to its default. */
export interface ChangedSetting {
  readonly key: SettingKey;
  readonly value: Settings[SettingKey] | null;
  readonly changedBy: string;
  readonly changedAt: Date;
}
