import type pg from 'pg';
import { type PersonalData, personalDataSchema } from '../domain/account/personal-data.js';
import {
  ERASED_TEXT,
  formatSealedText,
  parseSealedText,
  type SealedText,
} from '../domain/stored/person-text.js';
import { CannotOpen, keyFor, type Keyring, openBytes, sealAlike, sealBytes } from '../support/keyring.js';
import type { PersonalDataVault } from '../support/personal-data-vault.js';
import { createSignInData } from './user-credentials.js';
import { accountIdOfKey, keyIdOf, PersonErased, PersonKeyTable } from './person-key-table.js';

/** Seals and opens under the persons' keys of PostgreSQL. */
export function createPersonKeyVault(
  pool: pg.Pool,
  keyring: Pick<Keyring, 'wrapKey' | 'unwrapKey'>,
): PersonalDataVault {
  const keys = new PersonKeyTable(pool, keyring);
  const signInData = createSignInData(pool);
  return {
    seal: async (accountId, data) => {
      const key = await keys.findOrMake(accountId);
      const key_id = keyIdOf(accountId);
      return { key_id, box: sealBytes(key, Buffer.from(JSON.stringify(data)), key_id).toString('base64') };
    },
    open: async ({ key_id, box }): Promise<PersonalData | undefined> => {
      const key = await keys.find(accountIdOfKey(key_id));
      if (key === undefined)
        throw new Error(`the key ${key_id} is missing: was the database restored without it?`);
      if (key === 'erased') return undefined;
      return personalDataSchema.parse(
        JSON.parse(openBytes(key, Buffer.from(box, 'base64'), key_id).toString()),
      );
    },
    sealText: async (accountId, text) => {
      if (text === '') return '';
      // One from the cache may have been erased elsewhere since: what is sealed with it nobody can open, which is as good.
      const found = await keys.find(accountId);
      const key = found ?? (await keys.findOrMake(accountId).catch(orErased));
      if (key === 'erased') return ERASED_TEXT;
      return formatSealedText({
        accountId,
        box: sealAlike(textKey(key), Buffer.from(text), keyIdOf(accountId)),
      });
    },
    openTexts: async (texts) => {
      const sealed = texts.flatMap((text) => {
        const parsed = parseSealedText(text);
        return parsed ? [[text, parsed] as const] : [];
      });
      const known = await keys.findAll([...new Set(sealed.map(([, { accountId }]) => accountId))]);
      return new Map(
        sealed.flatMap(([text, box]) => {
          const plain = openText(known.get(box.accountId), box);
          return plain === undefined ? [] : [[text, plain] as const];
        }),
      );
    },
    erase: async (accountId) => {
      await keys.erase(accountId);
      // What the person signed in with is gone with the key.
      await signInData.forget(accountId);
    },
  };
}

/** Texts are sealed under a key of their own, made of the person's: their nonces are no random ones. */
const textKey = (key: Buffer): Buffer => keyFor(key, 'person-text');

/** '' of an erased person. Undefined for what only looks sealed: in old events people's words stand as they wrote them. */
function openText(key: Buffer | 'erased' | undefined, { accountId, box }: SealedText): string | undefined {
  if (key === undefined) return undefined;
  if (key === 'erased') return '';
  try {
    return openBytes(textKey(key), box, keyIdOf(accountId)).toString();
  } catch (error) {
    if (error instanceof CannotOpen) return undefined;
    throw error;
  }
}

function orErased(error: unknown): 'erased' {
  if (error instanceof PersonErased) return 'erased';
  throw error;
}
