import { z } from 'zod';
import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { settingEvents } from './events.js';
import { settingInputs, type SettingKey } from './settings.js';
import { evolveSetting, type SettingEvent, type SettingState } from './state.js';

export interface ChangeSetting {
  readonly key: SettingKey;
  /** As the caller wrote it; null: the default. */
  readonly value: unknown;
  readonly by: string;
}

function decide({ key, value, by }: ChangeSetting, state: SettingState): Decision<SettingEvent> {
  const parsed = settingInputs[key].nullable().safeParse(value);
  if (!parsed.success) return refuse({ code: 'setting_invalid', detail: z.prettifyError(parsed.error) });
  if (canonical(parsed.data) === canonical(state)) return replay();
  return accept({ type: 'setting-changed', data: { key, value: parsed.data, by } } as SettingEvent);
}

/** Equal for equal values whatever the order of their names. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

export const settingDecider: Decider<SettingState, ChangeSetting, SettingEvent> = {
  initialState: () => null,
  evolve: evolveSetting,
  decide,
  events: settingEvents,
};
