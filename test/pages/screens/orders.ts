import { PERSON } from '../support/people.js';
import { SERVICE_KEY, type World } from './life.js';

interface Ordered {
  readonly hoursAgo: number;
  /** Of a top-up; a plan has its price. */
  readonly amount: string;
  readonly plan?: string;
  /** Whose a front end orders; else it is the person, who signs in. */
  readonly of?: string;
  /** On the provider's page; undefined: nothing. */
  readonly act: 'pay-five-times' | 'fail' | undefined;
  readonly cancels?: true;
}

/** What is ordered at the test provider in the month. */
const ORDERS: readonly Ordered[] = [
  { hoursAgo: 22 * 24, of: 'harbour-books', amount: '300', act: 'pay-five-times' },
  { hoursAgo: 12 * 24, of: 'lindgren', amount: '150', act: 'pay-five-times' },
  { hoursAgo: 2 * 24, of: 'harbour-books', amount: '200', act: 'pay-five-times' },
  { hoursAgo: 19 * 24 + 4, amount: '50', act: 'fail' },
  { hoursAgo: 19 * 24 + 3, amount: '50', act: 'pay-five-times' },
  { hoursAgo: 9 * 24 + 2, amount: '129', plan: 'monthly', act: 'pay-five-times' },
  { hoursAgo: 6 * 24, amount: '100', act: undefined, cancels: true },
  { hoursAgo: 5 * 24 + 8, amount: '100', act: 'pay-five-times' },
  { hoursAgo: 0, amount: '200', act: undefined },
];

/** Orders what belongs into this hour. */
export async function orderSome({ url }: World, hoursAgo: number): Promise<void> {
  for (const each of ORDERS) if (each.hoursAgo === hoursAgo) await order(url, each);
}

/** How whose orders are made: where, and by which right. */
async function wayOf(url: string, of: string | undefined) {
  if (of !== undefined)
    return {
      path: `/api/user/external/${of}/orders`,
      rights: { authorization: `Bearer ${SERVICE_KEY}` },
    };
  const rights = await signedIn(url);
  return { path: '/api/user/topups', rights };
}

/** As the person. */
export async function signedIn(url: string): Promise<{ readonly authorization: string }> {
  const { token } = await post<{ token: string }>(url, '/api/auth/token', {
    login: PERSON.username,
    password: PERSON.password,
  });
  return { authorization: `Bearer ${token}` };
}

async function order(url: string, { amount, plan, of, act, cancels }: Ordered): Promise<void> {
  const { path, rights: own } = await wayOf(url, of);
  const { order_id: id } = await post<{ order_id: string }>(
    url,
    plan === undefined ? path : `/api/user/plans/${plan}/orders`,
    { method: 'test', currency: 'CNY', ...(plan === undefined && { amount }) },
    own,
  );
  if (cancels) await post(url, `/api/user/topups/${id}/cancel`, {}, own);
  if (act === undefined) return;
  const reply = await fetch(`${url}/api/payments/test/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `act=${act}`,
    redirect: 'manual',
  });
  if (reply.status >= 400) throw new Error(`${act} of ${id} answered ${reply.status}`);
}

/** Posts to the service. @returns the data of its answer */
export async function post<Data>(
  url: string,
  path: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Data> {
  const reply = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${text}`);
  return (JSON.parse(text) as { data: Data }).data;
}
