import { type Language, useLanguage } from './preferences.ts';

/** The texts of one screen. Chinese `satisfies` the shape of English, so a text that is missing does not compile. */
export type Texts<Catalogue> = Readonly<Record<Language, Catalogue>>;

/** Those of the language of the page. */
export const useTexts = <Catalogue>(texts: Texts<Catalogue>): Catalogue => texts[useLanguage()];
