import type { Language } from './person.js';

/** In which language people are written to: theirs, where they have one, whoever asks. */
export interface Languages {
  /** Undefined where they have not said. */
  languageOf(accountId: string): Promise<Language | undefined>;
  speak(accountId: string, language: Language): Promise<void>;
}
