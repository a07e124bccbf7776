import type { Allowance } from '../../../domain/channel/allowances.js';
import { invalidRequest } from '../json/body.js';
import type { Asks, UnitPrice } from './asks.js';

/** What becomes of a member that upstream documents. */
export type Treatment =
  /** It decides route, hold or stream, and is read. */
  | 'decides'
  /** It goes on byte for byte: what it costs is tokens, which upstream reports. */
  | 'shapes'
  /** It has a price, or is refused where the price list has none. */
  | 'priced'
  /** It is let through where the channel's operator says that it is free. */
  | 'allowed'
  /** It names what an earlier call left at upstream, and is let through for whose call it was. */
  | 'owned'
  /** Of headers: upstream does not see it. */
  | 'left-out'
  | 'refused';

/** Takes from a value what it asks for; `member` is how a client finds it. Never called for null. @throws CallRefused `invalid_request` */
export type Reading = (value: unknown, asks: Asks, member: string) => void;

/** One line of the table of an endpoint; several names where the same is true of each. */
export interface MemberRow {
  readonly names: readonly string[];
  readonly treatment: Treatment;
  /** What is done with it, for people. */
  readonly how: string;
  readonly allowance?: Allowance | undefined;
  readonly read?: Reading | undefined;
}

export const decides = (how: string, ...names: readonly string[]): MemberRow => ({
  names,
  treatment: 'decides',
  how,
});

export const shapes = (how: string, ...names: readonly string[]): MemberRow => ({
  names,
  treatment: 'shapes',
  how,
});

/** It goes on, and upstream reads more than stands in the request: what that costs is in its report. */
export const readsMore = (how: string, ...names: readonly string[]): MemberRow => ({
  names,
  treatment: 'shapes',
  how,
  read: (value, asks) => {
    if (!Array.isArray(value) || value.length > 0) asks.readsMore = true;
  },
});

/** Read by a function of its own, whatever becomes of it. */
export const readBy = (name: string, treatment: Treatment, how: string, read: Reading): MemberRow => ({
  names: [name],
  treatment,
  how,
  read,
});

type Harmless = readonly unknown[];

interface Priced {
  readonly how: string;
  readonly unit: UnitPrice;
  readonly allowance: Allowance;
  readonly then?: Reading;
}

/** Paid for by a unit's price, else a matter of the channel. */
export const priced = (names: readonly string[], { how, unit, allowance, then }: Priced): MemberRow => ({
  names,
  treatment: 'priced',
  how,
  allowance,
  read: need({ unit, allowance }, [], then),
});

interface Allowed {
  readonly how: string;
  readonly allowance: Allowance;
  /** Values with which it asks for nothing. */
  readonly harmless?: Harmless;
  readonly then?: Reading;
}

/** A matter of the channel alone. */
export const allowed = (
  names: readonly string[],
  { how, allowance, harmless = [], then }: Allowed,
): MemberRow => ({
  names,
  treatment: 'allowed',
  how,
  allowance,
  read: need({ allowance }, harmless, then),
});

/** Never let through but with a value that asks for nothing. */
export const refused = (names: readonly string[], how: string, harmless: Harmless = []): MemberRow => ({
  names,
  treatment: 'refused',
  how,
  read: (value, _, member) => {
    if (!harmless.includes(value)) throw invalidRequest(`"${member}": ${how}`, member);
  },
});

function need(
  what: { readonly unit?: UnitPrice; readonly allowance: Allowance },
  harmless: Harmless,
  then: Reading | undefined,
): Reading {
  return (value, asks, member) => {
    if (harmless.includes(value)) return;
    asks.needs.push({ member, ...what });
    then?.(value, asks, member);
  };
}
