import type { Config } from '../config.js';
import { firstSettings, type Settings } from '../domain/setting/settings.js';

/** In force until they are changed while the service runs. */
export function defaultSettings({ holdPolicy }: Pick<Config, 'holdPolicy'>): Settings {
  return { ...firstSettings, hold_policy: holdPolicy, limits: {} };
}
