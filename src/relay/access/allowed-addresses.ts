import { addressRanges } from '../../support/address-ranges.js';

/** Says of a client's address whether a key may be used from it. */
export type AddressCheck = (address: string | undefined) => boolean;

/** Addresses and CIDR ranges, compiled. An empty list allows every address, also one that is not known; an entry that cannot be read allows none. */
export const compileAllowedAddresses = (entries: readonly string[]): AddressCheck =>
  entries.length === 0 ? () => true : addressRanges(entries);
