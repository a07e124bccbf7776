import ipaddr from 'ipaddr.js';

interface Range {
  readonly network: ipaddr.IPv4 | ipaddr.IPv6;
  readonly bits: number;
}

/** Says of a client's address whether a key may be used from it. */
export type AddressCheck = (address: string | undefined) => boolean;

/**
 * Addresses and CIDR ranges, compiled. An IPv4 address that comes as IPv6 (`::ffff:10.0.0.1`) is the IPv4 one. An empty list allows every
 * address; an entry that cannot be read allows none.
 */
export function compileAllowedAddresses(entries: readonly string[]): AddressCheck {
  if (entries.length === 0) return () => true;
  const ranges: Range[] = [];
  for (const entry of entries) {
    const range = rangeOf(entry);
    if (range) ranges.push(range);
  }
  return (text) => {
    if (text === undefined || !ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    return ranges.some(
      ({ network, bits }) => address.kind() === network.kind() && address.match(network, bits),
    );
  };
}

function rangeOf(entry: string): Range | undefined {
  if (ipaddr.isValidCIDR(entry)) {
    const [network, bits] = ipaddr.parseCIDR(entry);
    if (network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && bits >= 96) {
      return { network: network.toIPv4Address(), bits: bits - 96 };
    }
    return { network, bits };
  }
  if (!ipaddr.isValid(entry)) return undefined;
  const address = ipaddr.process(entry);
  return { network: address, bits: address.kind() === 'ipv4' ? 32 : 128 };
}
