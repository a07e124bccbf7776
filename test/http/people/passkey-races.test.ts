import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ParsedJson } from '../../support/parsed-json.js';
import { type Browser, type PeopleServer, startPeopleServer } from '../support/people-server.js';
import { SoftPasskey } from '../support/soft-passkey.js';

/* An attacker's browser forbids nothing: it answers twice, answers late, and has what another device has. */

const PARTY = { id: 'portal.example.com', origin: 'https://portal.example.com' };
let world: PeopleServer;
beforeAll(async () => {
  world = await startPeopleServer();
});
afterAll(() => world.close());

const post = (browser: Browser, path: string, body: object = {}) =>
  browser.call('POST', `/api/auth/${path}`, body);
const challenge = async (browser: Browser): Promise<ParsedJson> =>
  (await post(browser, 'passkey/options')).body.data;
const addition = async (browser: Browser): Promise<ParsedJson> =>
  (await post(browser, 'passkeys/options')).body.data;
const add = (browser: Browser, { ticket }: ParsedJson, response: object) =>
  post(browser, 'passkeys', { ticket, name: 'Phone', response });
const enter = (browser: Browser, { ticket }: ParsedJson, response: object) =>
  post(browser, 'passkey', { ticket, response });
const statuses = (replies: readonly { readonly status: number }[]) =>
  replies.map(({ status }) => status).sort();

async function owner(name: string, passkey: SoftPasskey): Promise<Browser> {
  const browser = await world.registered(name);
  const begun = await addition(browser);
  const reply = await add(browser, begun, passkey.made(begun['options'], 1));
  if (reply.status !== 200) throw new Error(reply.text);
  return browser;
}
const passkeysOf = async (browser: Browser): Promise<readonly { readonly id: string }[]> =>
  (await browser.call('GET', '/api/auth/passkeys')).body.data.passkeys;

describe('signing in with a passkey', () => {
  it('once for each challenge, however many answer it at once, and from wherever', async () => {
    const passkey = new SoftPasskey(PARTY, true);
    await owner('ann', passkey);
    const begun = await challenge(world.browser());
    const answer = passkey.answer(begun['options']);
    const replies = await Promise.all(Array.from({ length: 8 }, () => enter(world.browser(), begun, answer)));
    expect(statuses(replies)).toEqual([200, ...Array<number>(7).fill(401)]);
    expect((await enter(world.browser(), begun, answer)).body.code).toBe('passkey_invalid');
  });

  it('a challenge is used up by a wrong answer too, and one of another challenge is none', async () => {
    const passkey = new SoftPasskey(PARTY, true);
    await owner('ben', passkey);
    const [one, other] = [await challenge(world.browser()), await challenge(world.browser())];
    expect((await enter(world.browser(), one, passkey.answer(other['options']))).status).toBe(401);
    expect((await enter(world.browser(), one, passkey.answer(one['options']))).status).toBe(401);
    expect((await enter(world.browser(), other, passkey.answer(other['options']))).status).toBe(200);
  });

  it('two devices with one key at the same count: one enters, and who counts no further enters no more', async () => {
    const [passkey] = [new SoftPasskey(PARTY)];
    await owner('cat', passkey);
    const begun = await Promise.all(Array.from({ length: 6 }, () => challenge(world.browser())));
    const replies = await Promise.all(
      begun.map((each) => enter(world.browser(), each, passkey.answer(each['options'], 2))),
    );
    expect(statuses(replies)).toEqual([200, ...Array<number>(5).fill(401)]);
    for (const [counter, status] of [
      [2, 401],
      [1, 401],
      [0, 401],
      [3, 200],
    ] as const) {
      const next = await challenge(world.browser());
      expect((await enter(world.browser(), next, passkey.answer(next['options'], counter))).status).toBe(
        status,
      );
    }
  });

  it('is over once its removal was answered, whatever was begun before', async () => {
    const passkey = new SoftPasskey(PARTY, true);
    const browser = await owner('dan', passkey);
    const begun = await Promise.all(Array.from({ length: 4 }, () => challenge(world.browser())));
    const remove = browser.call('DELETE', `/api/auth/passkeys/${passkey.id}`);
    const racing = begun
      .slice(0, 3)
      .map((each) => enter(world.browser(), each, passkey.answer(each['options'])));
    expect((await remove).status).toBe(200);
    const [last] = begun.slice(3);
    const late = last && (await enter(world.browser(), last, passkey.answer(last['options'])));
    expect(late?.body.code).toBe('passkey_invalid');
    for (const { status } of await Promise.all(racing)) expect([200, 401]).toContain(status);
  });

  it.each([
    ['of another site', { id: 'evil.example', origin: 'https://evil.example' }],
    ['of a neighbour', { id: PARTY.id, origin: 'https://www.portal.example.com' }],
    ['without https', { id: PARTY.id, origin: 'http://portal.example.com' }],
  ])('an answer %s is none', async (name, party) => {
    const good = new SoftPasskey(PARTY, true);
    const browser = await owner(`eve ${name}`.replaceAll(' ', '-'), good);
    const begun = await addition(browser);
    const bad = new SoftPasskey(party, true);
    expect((await add(browser, begun, bad.made(begun['options']))).status).toBe(401);
    const stolen = new SoftPasskey(PARTY, true, good.id);
    const next = await challenge(world.browser());
    expect((await enter(world.browser(), next, stolen.answer(next['options']))).status).toBe(401);
  });
});

describe('adding a passkey', () => {
  it('once for each challenge, at the account that began it, and by no challenge of a sign-in', async () => {
    const [fay, gus] = [await world.registered('fay'), await world.registered('gus')];
    const begun = await addition(fay);
    const passkeys = Array.from({ length: 5 }, () => new SoftPasskey(PARTY, true));
    expect((await add(gus, begun, new SoftPasskey(PARTY).made(begun['options']))).status).toBe(401);
    // Used up by the wrong one.
    expect((await add(fay, begun, new SoftPasskey(PARTY).made(begun['options']))).status).toBe(401);
    const next = await addition(fay);
    const replies = await Promise.all(passkeys.map((each) => add(fay, next, each.made(next['options']))));
    expect(statuses(replies)).toEqual([200, 401, 401, 401, 401]);
    expect(await passkeysOf(fay)).toHaveLength(1);
    const signing = await challenge(fay);
    expect((await add(fay, signing, new SoftPasskey(PARTY).made(signing['options']))).status).toBe(401);
    const adding = await addition(fay);
    const [added] = passkeys.filter((each) => replies[passkeys.indexOf(each)]?.status === 200);
    expect((await enter(world.browser(), adding, added?.answer(adding['options']) ?? {})).status).toBe(401);
  });

  it('whose id is another account’s is refused, opens nothing there and takes nothing from it', async () => {
    const passkey = new SoftPasskey(PARTY, true);
    await owner('hal', passkey);
    const thief = await world.registered('ivy');
    const begun = await addition(thief);
    const same = new SoftPasskey(PARTY, true, passkey.id);
    expect((await add(thief, begun, same.made(begun['options']))).body.code).toBe('passkey_invalid');
    const [one, other] = [await challenge(world.browser()), await challenge(world.browser())];
    expect((await enter(world.browser(), one, same.answer(one['options']))).status).toBe(401);
    const entered = await enter(world.browser(), other, passkey.answer(other['options']));
    expect(entered.body.data.username).toBe('hal');
    expect(await passkeysOf(thief)).toEqual([]);
  });

  it('ends at twenty, however many were begun before', async () => {
    const browser = await world.registered('joe');
    const begun: ParsedJson[] = [];
    for (let count = 0; count < 23; count++) begun.push(await addition(browser));
    const replies = await Promise.all(
      begun.map((each) => add(browser, each, new SoftPasskey(PARTY).made(each['options']))),
    );
    expect(await passkeysOf(browser)).toHaveLength(20);
    expect(statuses(replies)).toEqual([...Array<number>(20).fill(200), 409, 409, 409]);
  });
});
