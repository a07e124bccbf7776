import { z } from 'zod';

const WORD = /^(?:-?\d{1,10}|[A-Za-z][A-Za-z_.-]{0,79})$/;

/**
 * What a provider calls a refusal or a failure: it is kept in the log and shown to people, so that only what is a number or a word without digits is
 * taken over. Anything else could be anything, also a key of ours that was sent back.
 */
export const codeWord = z.string().transform((said) => (WORD.test(said) ? said : 'unreadable'));
