import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readProxyHeader } from '../../../src/http/edge/proxy-protocol.js';

const binary = (command: number, family: number, body: readonly number[]) =>
  Buffer.from([
    13,
    10,
    13,
    10,
    0,
    13,
    10,
    81,
    85,
    73,
    84,
    10,
    command,
    family,
    body.length >> 8,
    body.length & 255,
    ...body,
  ]);
const ports = [0x1f, 0x90, 0, 80];
const four = [203, 0, 113, 9, 10, 0, 0, 1, ...ports];
const six = [0x20, 1, 0xd, 0xb8, ...Array<number>(11).fill(0), 7, ...Array<number>(16).fill(0), ...ports];

const headers: [string, Buffer, string | undefined][] = [
  ['text, IPv4', Buffer.from('PROXY TCP4 203.0.113.9 10.0.0.1 4711 80\r\n'), '203.0.113.9'],
  ['text, IPv6', Buffer.from('PROXY TCP6 2001:db8::7 ::1 4711 80\r\n'), '2001:db8::7'],
  ['text, of the proxy itself', Buffer.from('PROXY UNKNOWN\r\n'), undefined],
  ['binary, IPv4', binary(0x21, 0x11, four), '203.0.113.9'],
  ['binary, IPv6', binary(0x21, 0x21, six), '2001:db8::7'],
  ['binary, with more beside the addresses', binary(0x21, 0x11, [...four, 3, 0, 1, 7]), '203.0.113.9'],
  ['binary, of the proxy itself', binary(0x20, 0, []), undefined],
];

describe('the PROXY protocol', () => {
  it.each(headers)('%s: whose connection it is, and where it begins', (_, bytes, source) => {
    const request = Buffer.from('GET / HTTP/1.1\r\n\r\n');
    expect(readProxyHeader(Buffer.concat([bytes, request]))).toEqual({
      kind: 'header',
      length: bytes.length,
      source,
    });
  });

  it.each(headers)('%s: is waited for while it comes', (_, bytes) => {
    for (let length = 1; length < bytes.length; length++)
      expect(readProxyHeader(bytes.subarray(0, length)).kind).toBe('more');
  });

  it.each([
    ['another family', 'PROXY UDP4 203.0.113.9 10.0.0.1 4711 80\r\n'],
    ['no address', 'PROXY TCP4 example.com 10.0.0.1 4711 80\r\n'],
    ['an address of the other kind', 'PROXY TCP4 2001:db8::7 ::1 4711 80\r\n'],
    ['no ports', 'PROXY TCP4 203.0.113.9 10.0.0.1\r\n'],
    ['no end', `PROXY TCP4 ${'1'.repeat(120)}`],
  ])('text with %s is bad', (_, text) => {
    expect(readProxyHeader(Buffer.from(text)).kind).toBe('bad');
  });

  it.each([
    ['another version', binary(0x11, 0x11, four)],
    ['half an address', binary(0x21, 0x11, four.slice(0, 6))],
    ['more than anybody has to say', binary(0x21, 0x11, Array<number>(5_000).fill(0))],
  ])('binary with %s is bad', (_, bytes) => {
    expect(readProxyHeader(bytes).kind).toBe('bad');
  });

  it('is not seen in a request, and no bytes break the reading of it', () => {
    expect(readProxyHeader(Buffer.from('POST /v1/x HTTP/1.1\r\n')).kind).toBe('none');
    const begun = fc.constantFrom(
      '',
      'PROXY ',
      'PROXY TCP4 ',
      '\r\n\r\n\0\r\nQUIT\n',
      '\r\n\r\n\0\r\nQUIT\n\x21\x11',
    );
    fc.assert(
      fc.property(begun, fc.uint8Array({ maxLength: 200 }), (before, rest) => {
        const bytes = Buffer.concat([Buffer.from(before, 'latin1'), rest]);
        expect(['more', 'none', 'bad', 'header']).toContain(readProxyHeader(bytes).kind);
      }),
    );
  });
});
