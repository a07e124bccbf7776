import type { RawRequest } from '../../reactions/payments/provider.js';

export type Fields = Readonly<Record<string, string>>;

/**
 * What providers of China sign: `name=value` in the order of names, without what is empty. It is not escaped, so that `{a: "1&b=2"}` and
 * `{a: "1", b: "2"}` sign alike: see `isUnambiguous`.
 */
export const signedFields = (fields: Fields, unsigned: ReadonlySet<string>): string =>
  Object.entries(fields)
    .filter(([name, value]) => value !== '' && !unsigned.has(name))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

/** Whether what was signed can be read in one way alone: what cannot is never sent and never believed. */
export const isUnambiguous = (fields: Fields, unsigned: ReadonlySet<string>): boolean =>
  Object.entries(fields).every(
    ([name, value]) => /^\w+$/.test(name) && (unsigned.has(name) || !value.includes('&')),
  );

/** In a body, or in a query where there is none. */
export const fieldsIn = ({ body, query }: Pick<RawRequest, 'body' | 'query'>): Fields | undefined =>
  fieldsOf(body.length > 0 ? body.toString('utf8') : query);

/** Of a form, or of a query. A name that is there twice is none that anybody signed. */
function fieldsOf(form: string): Fields | undefined {
  const pairs = [...new URLSearchParams(form)];
  const fields = Object.fromEntries(pairs);
  return Object.keys(fields).length === pairs.length ? fields : undefined;
}
