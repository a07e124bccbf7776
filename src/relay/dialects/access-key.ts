import type { IncomingHttpHeaders } from 'node:http';
import { keyOfAuthorization } from '../../support/authorization.js';

/** The key in `Authorization`, with `Bearer` before it or without. */
export const bearerKey = ({ authorization }: IncomingHttpHeaders): string | undefined =>
  keyOfAuthorization(authorization);

/** The key in a header of its own, such as `x-api-key`. */
export function headerKey(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value.trim() : undefined;
}
