import { setTimeout as sleep } from 'node:timers/promises';
import type { AsAdmin } from '../../acceptance/support/operator.js';
import { asWho, type Open } from './visit.js';

/** Somebody who signs in to the Portal. */
export const PERSON = { username: 'reader', email: 'reader@example.com', password: 'a stub to be checked' };

/** An account of one's own, made by the API where no mail is asked for. */
export async function registerPerson(url: string, admin: AsAdmin): Promise<void> {
  await admin('PUT', '/settings/registration', { value: { open: true, verify_email: false } });
  const reply = await fetch(`${url}/api/user/register`, {
    method: 'POST',
    // It is the language that they are written to in.
    headers: { 'content-type': 'application/json', 'accept-language': 'en' },
    body: JSON.stringify(PERSON),
  });
  if (!reply.ok) throw new Error(`registering answered ${reply.status}: ${await reply.text()}`);
}

/** The page's path of the link in the last mail of a kind to somebody; waits until it was written. */
export async function linkInMail(
  admin: AsAdmin,
  kind: 'verify' | 'reset' | 'change' | 'invite',
  to: string,
): Promise<string> {
  for (;;) {
    const { mails } = (await admin('GET', '/mails')) as {
      mails: readonly { kind: string; to: string; text: string | null }[];
    };
    const mail = mails.find((each) => each.kind === kind && each.to === to);
    const link = /https?:\/\/[^/\s]+(\/portal\/\S+)/.exec(mail?.text ?? '');
    if (link) return link[1] as string;
    await sleep(50);
  }
}

/** A page of the Portal for who was registered. */
export const asPerson = (path: string): Open =>
  asWho('person', path, async (page, next) => {
    await page.goto(`/portal/sign-in?next=${encodeURIComponent(next)}`);
    await page.locator('input[name=login]').fill(PERSON.username);
    await page.locator('input[name=password]').fill(PERSON.password);
    await page.locator('button[type=submit]').click();
  });

/** Gives a person a balance, as a correction; who is not named is the one that was registered. */
export async function fund(admin: AsAdmin, amountUsd: number, name = PERSON.username): Promise<void> {
  const { users } = (await admin('GET', `/users?q=${name}`)) as {
    users: readonly { external_user_id: string }[];
  };
  const [{ external_user_id: id } = { external_user_id: '' }] = users;
  await admin('POST', `/users/${id}/adjust`, {
    amount_usd: amountUsd,
    reason: 'to begin with',
    adjustment_id: `begin-${id}`,
  });
}

/** Makes a key of the registered person, as the pages do, and two calls with it. */
export async function spendSome(url: string): Promise<void> {
  const post = async (path: string, body: object, headers: Readonly<Record<string, string>> = {}) => {
    const reply = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
    return reply;
  };
  const signedIn = await post('/api/auth/login', { login: PERSON.username, password: PERSON.password });
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const own = { cookie, 'sec-fetch-site': 'same-origin' };
  const issued = await post('/api/user/keys', { name: 'laptop', quota_limit: 20_000 }, own);
  const { data } = (await issued.json()) as { data: { access_key: string } };
  for (const model of ['per-call', 'gpt-4o-mini'])
    await post(
      '/v1/chat/completions',
      { model, messages: [{ role: 'user', content: 'Hello' }] },
      { authorization: `Bearer ${data.access_key}` },
    );
}
