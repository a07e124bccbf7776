import type { OpenTexts } from '../../src/support/personal-data-vault.js';

/** Opens the texts of a log in which nothing was ever sealed. */
export const nothingSealed: OpenTexts = () => Promise.resolve(new Map());
