import { keyFor } from '../../support/keyring.js';
import { hmacUnder } from '../hashing.js';

/** Salts of accounts, each of one closing: two closings have nothing in common by which an account could be followed. */
export type AccountSalts = (asOf: string, accountId: string) => Buffer;

/** @param key of this ledger, for ever: with another one the same balances have another root */
export function createAccountSalts(key: Uint8Array): AccountSalts {
  const salt = hmacUnder(keyFor(key, 'transparency-liability'));
  return (asOf, accountId) => Buffer.from(salt(`${asOf}\n${accountId}`, 'binary'), 'binary');
}
