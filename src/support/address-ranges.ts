import ipaddr from 'ipaddr.js';

interface Range {
  readonly network: ipaddr.IPv4 | ipaddr.IPv6;
  readonly bits: number;
}

/**
 * Whether an address is one of `entries` (addresses and CIDR ranges), compiled. An IPv4 address that comes as IPv6 (`::ffff:10.0.0.1`) is
 * the IPv4 one. What cannot be read, of either side, is in none.
 */
export function addressRanges(entries: readonly string[]): (address: string | undefined) => boolean {
  const ranges = entries.flatMap((entry) => rangeOf(entry) ?? []);
  // Asked of every request, and most services are told of no ranges.
  if (ranges.length === 0) return () => false;
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
