import ipaddr from 'ipaddr.js';

/** What the first bytes of a connection are. */
export type ProxyHeader =
  /** Not to be told yet. */
  | { readonly kind: 'more' }
  /** Something else: the connection begins here. */
  | { readonly kind: 'none' }
  | { readonly kind: 'bad' }
  /** `source`: whose connection it is; undefined for one of the proxy's own. What follows begins at `length`. */
  | { readonly kind: 'header'; readonly length: number; readonly source: string | undefined };

const TEXT = Buffer.from('PROXY ');
const LONGEST_TEXT = 107;
const BINARY = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const BINARY_HEAD = 16;
/** Addresses, and what a load balancer may say beside them. */
const LONGEST_BINARY = 4_096;

/** The PROXY protocol of HAProxy, versions 1 and 2. No request of HTTP begins like it. */
export function readProxyHeader(bytes: Buffer): ProxyHeader {
  if (begins(bytes, TEXT)) return bytes.length < TEXT.length ? { kind: 'more' } : readText(bytes);
  if (begins(bytes, BINARY)) return bytes.length < BINARY_HEAD ? { kind: 'more' } : readBinary(bytes);
  return { kind: 'none' };
}

/** As far as they have come. */
function begins(bytes: Buffer, signature: Buffer): boolean {
  const length = Math.min(bytes.length, signature.length);
  return bytes.subarray(0, length).equals(signature.subarray(0, length));
}

function readText(bytes: Buffer): ProxyHeader {
  const end = bytes.subarray(0, LONGEST_TEXT).indexOf('\r\n');
  if (end === -1) return { kind: bytes.length < LONGEST_TEXT ? 'more' : 'bad' };
  const [, family, source = '', ...rest] = bytes.toString('latin1', 0, end).split(' ');
  const length = end + 2;
  if (family === 'UNKNOWN') return { kind: 'header', length, source: undefined };
  const isOne = family === 'TCP4' ? ipaddr.IPv4.isValidFourPartDecimal(source) : ipaddr.IPv6.isValid(source);
  if (!isOne || (family !== 'TCP4' && family !== 'TCP6') || rest.length !== 3) return { kind: 'bad' };
  return { kind: 'header', length, source: ipaddr.process(source).toString() };
}

/** Families by their byte -> length of an address; others (UDP, UNIX) have no address that is asked for. */
const FAMILIES = new Map([
  [0x11, 4],
  [0x21, 16],
]);

function readBinary(bytes: Buffer): ProxyHeader {
  const [command = 0, family = 0] = bytes.subarray(BINARY.length);
  const length = BINARY_HEAD + bytes.readUInt16BE(BINARY.length + 2);
  if ((command !== 0x20 && command !== 0x21) || length > LONGEST_BINARY) return { kind: 'bad' };
  if (bytes.length < length) return { kind: 'more' };
  const size = FAMILIES.get(family);
  if (command === 0x20 || size === undefined) return { kind: 'header', length, source: undefined };
  // Two addresses and two ports.
  if (length < BINARY_HEAD + 2 * size + 4) return { kind: 'bad' };
  const source = ipaddr.fromByteArray([...bytes.subarray(BINARY_HEAD, BINARY_HEAD + size)]);
  return { kind: 'header', length, source: ipaddr.process(source.toString()).toString() };
}
