import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { ERASED_TEXT, looksSealed } from '../../src/domain/stored/person-text.js';
import { createPersonKeyVault } from '../../src/stores/person-keys.js';
import { createKeyring } from '../../src/support/keyring.js';
import { opened } from '../../src/support/opened.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const keyring = createKeyring(Buffer.alloc(32, 1));
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const vaultOf = () => createPersonKeyVault(database.pool, keyring);

describe('a text about a person', () => {
  it('is sealed alike by every process, and opens to what was written, whatever it is', async () => {
    const [one, other] = [vaultOf(), vaultOf()];
    const accountId = randomUUID();
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 1_000 });
    await fc.assert(
      fc.asyncProperty(text, async (written) => {
        const sealed = await one.sealText(accountId, written);
        expect(looksSealed(sealed) && sealed.length <= 6_000).toBe(true);
        expect(await other.sealText(accountId, written)).toBe(sealed);
        expect((await other.openTexts([sealed])).get(sealed)).toBe(Buffer.from(written).toString());
      }),
      { numRuns: 50 },
    );
  });

  it('is another box for another person, and is opened by nobody else', async () => {
    const vault = vaultOf();
    const [mine, theirs] = [randomUUID(), randomUUID()];
    const [sealed, others] = [await vault.sealText(mine, 'note'), await vault.sealText(theirs, 'note')];
    const box = (text: string) => text.split(':')[2];
    expect(box(sealed)).not.toBe(box(others));
    const moved = `sealed:${theirs}:${box(sealed)}`;
    expect(await vault.openTexts([moved])).toEqual(new Map());
  });

  it('is gone with the key, for those who sealed it too, and what is written afterwards is not kept', async () => {
    const [vault, other] = [vaultOf(), vaultOf()];
    const accountId = randomUUID();
    const sealed = await vault.sealText(accountId, 'note');
    await vault.erase(accountId);
    for (const each of [vault, other]) {
      expect(await opened(each.openTexts, { note: sealed })).toEqual({ note: '' });
      expect(await each.sealText(accountId, 'more')).toBe(ERASED_TEXT);
    }
  });

  it('is opened wherever it stands in an answer, and what only looks like one is left as it is', async () => {
    const vault = vaultOf();
    const sealed = await vault.sealText(randomUUID(), 'note');
    const at = new Date();
    const strange = [`sealed:${randomUUID()}:bm90ZQ`, 'sealed:', 'sealed:me:x'];
    const answer = { a: [{ b: sealed }, 1n, at, null, undefined, ...strange], c: sealed };
    expect(await opened(vault.openTexts, answer)).toEqual({
      a: [{ b: 'note' }, 1n, at, null, undefined, ...strange],
      c: 'note',
    });
  });
});
