import type { EventIn } from '../stored/event-in.js';
import type { settingEvents } from './events.js';
import type { Settings } from './settings.js';

export type SettingEvent = EventIn<typeof settingEvents>;

/** The value in force; null: the default, as before the first change. */
export type SettingState = Settings[keyof Settings] | null;

export function evolveSetting(_state: SettingState, { data }: SettingEvent): SettingState {
  return data.value;
}
