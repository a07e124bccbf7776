import type { IncomingHttpHeaders } from 'node:http';

/** The key in `Authorization: Bearer …`. */
export function bearerKey({ authorization }: IncomingHttpHeaders): string | undefined {
  return authorization ? /^bearer +(\S+) *$/i.exec(authorization)?.[1] : undefined;
}

/** The key in a header of its own, such as `x-api-key`. */
export function headerKey(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value.trim() : undefined;
}
