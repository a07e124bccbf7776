import type { Spoken } from './channel-draft.ts';

/** What a provider's channel begins with, as its own pages had it. */
export interface Preset {
  readonly source: string;
  /** When the addresses were last seen there; absent: nobody looked. */
  readonly read_on?: string;
  readonly note?: string;
  readonly settings: Spoken & {
    readonly name: string;
    readonly type: 'openai' | 'azure-openai' | 'anthropic' | 'gemini';
    readonly base_url: string;
  };
}

const files = import.meta.glob<Preset>('../../../../presets/*.json', { eager: true, import: 'default' });

/** By name; the files are those of the repository. */
export const presets: readonly Preset[] = Object.values(files).sort((one, other) =>
  one.settings.name.localeCompare(other.settings.name, 'en'),
);
