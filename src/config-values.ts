import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { decimal, parseDecimal } from './domain/money/decimal.js';

/** What the texts of variables may be. Each says in words what it wants, for a start that is refused. */

export const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `a whole number from ${min} to ${max}`);

/** Begins with one of these schemes; what follows is the driver's to judge. */
export const urlOf = (...protocols: string[]) =>
  z.string().refine(
    (text) => {
      const [scheme] = text.split('://', 1);
      return scheme !== text && protocols.includes(scheme ?? '');
    },
    `a URL that begins with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
  );

export const usd = z
  .string()
  .refine(
    (text) => (parseDecimal(text)?.unscaled ?? 0n) > 0n && decimal(text).scale <= 6,
    'a dollar amount above 0 with at most 6 places',
  );

export const addressBlocks = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  )
  .refine(
    (entries) => entries.every((entry) => ipaddr.isValidCIDR(entry) || isIP(entry) !== 0),
    'addresses and CIDR blocks, separated by commas',
  );

export const serviceKeys = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((key) => key.trim())
      .filter(Boolean),
  )
  .refine(
    (keys) => keys.every((key) => /^[\x21-\x7e]{16,200}$/.test(key)),
    'keys of 16 to 200 printable characters, separated by commas',
  );

export const masterKey = z
  .string()
  .refine((text) => /^[A-Za-z0-9+/]{43}=$/.test(text), '32 bytes in base64 (openssl rand -base64 32)')
  .transform((text) => Buffer.from(text, 'base64'));

export const timezone = z
  .string()
  .refine((zone) => IANAZone.isValidZone(zone), 'an IANA time zone such as Asia/Shanghai');

/** An origin, kept without a slash at its end. */
export const publicUrl = z
  .string()
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return (
      (url?.protocol === 'http:' || url?.protocol === 'https:') &&
      url.pathname === '/' &&
      url.search + url.hash + url.username === ''
    );
  }, 'http:// or https:// with a host and nothing behind it')
  .transform((text) => new URL(text).origin);

/** More than there are lanes would wait for each other (docs/adr/0013). */
const MOST_WORKERS = 64;

/** Of `--workers`. @throws RangeError */
export function workersOf(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > MOST_WORKERS)
    throw new RangeError(`--workers: a whole number from 1 to ${MOST_WORKERS}`);
  return count;
}
