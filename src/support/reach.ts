import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { addressRanges } from './address-ranges.js';

/** Somebody wants to connect to an address that is not on the internet, and that nobody has named. */
export class AddressNotAllowed extends Error {
  override readonly name = 'AddressNotAllowed';
  constructor() {
    super('the address is private; UPSTREAM_ALLOW_PRIVATE names those that may be called');
  }
}

export type MayReach = (address: string) => boolean;

export interface ReachSettings {
  /** Private addresses and CIDR blocks that may be called; beside them only the internet is. */
  readonly allowPrivate: readonly string[];
  /** Origins (`http://127.0.0.1:8080`) that may be at a loopback address: the operator's own file names them (ADR 0022). */
  readonly ownOrigins: readonly string[];
}

/** Which addresses an origin may be at. */
export type Reach = (origin: string) => MayReach;

export function createReach({ allowPrivate, ownOrigins }: ReachSettings): Reach {
  const may = mayReach(allowPrivate);
  const mayOrHere: MayReach = (address) => may(address) || isLoopback(address);
  const own = new Set(ownOrigins);
  return (origin) => (own.has(origin) ? mayOrHere : may);
}

/** Azure's host answers the machines it carries here: a public address that nobody outside can have. */
const METADATA = new Set(['168.63.129.16']);

/** Every address of the internet, and what is named: addresses and CIDR blocks. */
export function mayReach(named: readonly string[]): MayReach {
  const isNamed = addressRanges(named);
  return (address) => isPublic(address) || isNamed(address);
}

/** Of webhooks: by https the internet and what is named, by http what is named alone, whose bodies nobody on the way reads. */
export function webhookReach(named: readonly string[]): Reach {
  const [may, isNamed] = [mayReach(named), addressRanges(named)];
  return (origin) => (origin.startsWith('https:') ? may : isNamed);
}

function isPublic(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (METADATA.has(address.toString())) return false;
  // NAT64: an IPv4 address in its last four bytes.
  if (address.range() === 'rfc6052') return isPublic(address.toByteArray().slice(-4).join('.'));
  return address.range() === 'unicast' && isGiven(address.toByteArray());
}

/** Of IPv6 nothing but 2000::/3 has been given to anybody: what else is called unicast leads into some tunnel, or nowhere. */
const isGiven = (bytes: readonly number[]): boolean =>
  bytes.length === 4 || ((bytes[0] ?? 0) & 0xe0) === 0x20;

const isLoopback = (text: string): boolean =>
  ipaddr.isValid(text) && ipaddr.process(text).range() === 'loopback';

/** A host that is written as an address, without the brackets of IPv6; undefined: it is a name. */
export function literalOf(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? undefined : bare;
}

/** Resolves a name to what of it may be reached: who connects goes to the very address that was looked at. */
export function guardedLookup(may: MayReach, resolve: typeof lookup = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return callback(error, '');
      const reachable = found.filter(({ address }) => may(address));
      const [first] = reachable;
      if (!first) return callback(new AddressNotAllowed(), '');
      if (options.all) return callback(null, reachable);
      callback(null, first.address, first.family);
    });
  };
}

/** Long enough for a name server that answers at all. */
const ASKED_WITHIN_MS = 2_000;

/**
 * Whether an address that somebody wants to save could be called. A name that nobody can resolve now is left to the connection, which looks
 * each time.
 */
export function mayBeSaved(reach: Reach, url: string): Promise<boolean> {
  const { origin, hostname } = new URL(url);
  const may = reach(origin);
  const literal = literalOf(hostname);
  if (literal !== undefined) return Promise.resolve(may(literal));
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), ASKED_WITHIN_MS);
    guardedLookup(may)(hostname, {}, (error) => {
      clearTimeout(timer);
      resolve(!(error instanceof AddressNotAllowed));
    });
  });
}
