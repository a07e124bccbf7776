import ipaddr from 'ipaddr.js';

/** Whether a name or an address (IPv6 with or without brackets) means this machine and no other. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (bare === 'localhost' || bare.endsWith('.localhost')) return true;
  // Four whole numbers: `127.1` and `0x7f.1` are not what a browser writes, nor what anybody would bind to.
  if (!ipaddr.IPv6.isValid(bare) && !ipaddr.IPv4.isValidFourPartDecimal(bare)) return false;
  return ipaddr.process(bare).range() === 'loopback';
}
