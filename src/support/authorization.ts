/**
 * The key of an `Authorization` header: what follows `Bearer`, or all of it where it is one word, as clients of the system before this one
 * send it. Another scheme (`Basic …`) is two words and no key of ours.
 */
export function keyOfAuthorization(header: string | undefined): string | undefined {
  const key = /^(?:bearer +)?(\S+)$/i.exec(header?.trim() ?? '')?.[1];
  return key?.toLowerCase() === 'bearer' ? undefined : key;
}

/** Whether it says itself that a key follows. */
export const isBearer = (header: string | undefined): boolean => /^bearer +\S/i.test(header?.trim() ?? '');
