import type { Config } from '../config.js';
import type { Settings } from '../domain/setting/settings.js';

/** In force until they are changed while the service runs. */
export function defaultSettings({ holdPolicy }: Pick<Config, 'holdPolicy'>): Settings {
  return { hold_policy: holdPolicy, limits: {} };
}
