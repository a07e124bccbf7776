import * as zlib from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ZstdDecoder } from '../../src/support/zstd/zstd-decoder.js';
import { zstdFrame } from './zstd-frame.js';

const MEGABYTE = 1024 * 1024;

/** The same words for the same seed. */
function words(count: number, seed: number): string {
  const all =
    'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda my ny xi omikron pi rho sigma tau ypsilon'.split(
      ' ',
    );
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return all[Math.floor(state / 65_536) % all.length];
  }).join(' ');
}

const short = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: words(60, 1) }] });
const story = words(400, 7);
const long = Array.from({ length: 120 }, (_, at) => `${at * 7_919}: ${story} ${words(3, at)}`).join('\n');

/** Written by zstd 1.5.4, with the sum of what they hold: one block, with its own Huffman code; and three, which go on with the tables of another. */
const SHORT = [
  'KLUv/QRYLQYAIoodGoCl1QEAQ2clT2XJjvyRH2cxRXG3Q5MnsqIBg4DBnReDD+RMWlSzFsW+RzZncjazr0HCXxzwSzInhnODVBl5',
  '1Nn8xa+mf4pc/qKRmlwJ/ZRu+ED+YjH7HrlFuEgFTjiFix05NKpOAEBuYfG18Jxw58gZJPScIB4ANQKwWMbxA3G7EEQGJAbQgljG',
  'NgjMgKQDfKwMw2T4meE1wA0Dog444irJRmhYmYQZUHXAGgPekK8rCWfIiVRDFTW0lVJs6t7dOigy5hpB',
].join('');
const LONG = [
  'KLUv/QRo7A4AIkgWEaC7AWC2LT21T92cqtgr7L+b59fi3NpP9D5xbnV3e0d6z+ktW5NR7hHVLLu9RMvXuZURw5KlY0vW2LpJnWvC',
  'HEIT4VlgMkQG3qVhlA+TOQ8mI7gJfTHBAAKA1KgBm0kqhZ01IIQgYszMAxGgBJZIiEZDkzQGWGXjCKKqVmWKOPddiV8GhLFMNSvH',
  'irksVKsIiOCj6LBgM3Oo3NEnxid+KNpWQIp7sWLHmAKmjec8Td7Lk1LBFbY2AfbnTqQGe5awU2R9hfowsSQlxIbTUr9S1jfBhdFo',
  '1eG7fnEunGjkgYDPkcnaH64bs48rIdtE0gCluHGluAtRsrNW99kuwadOJhtr5QrQe/w0tLjdJez0qSY4rodQLiBnWJB87JqbFcZ+',
  'rZN0CTkkNAjz0MpgmI9Hy8Ah6C6qElKVjarsW9ciAkNELPmBUyEJAMz+HRPZWD4XcjplGo3uCICsg6gS1psrawqKbWfQiJlAT8cV',
  '98EEPYEMmCx82SfgEzCWv2G8QmZ42cNNHumn5j2O2GLCgQLcAxg82SYdKCgARQyAxH45e53HY2yQD/3c7Fi3zQJgmXVHd8xrWusD',
  'TlGrmU72qzOPIw6O1B8OpcRQ6fiYisa58wNAdY4/6ewomC1VjBgAtlUyErAZGywNBAH6MGl3d/dmmYABHS4AKwArADpEtv2QleJz',
  '62Ao1YpBefpVoavszoLRpfm4vS0rBSZSOS/r1tIjL216WIgkUAJ2A4hyuL8r6Tdp0b16c+fmkm9mk6IrmW65R0Qbuxv5aEUOJvFk',
  'ItFUIhsYvsIrUysrBd3Y3qucaC8rhqlOmTi+M+WZ2lvn9FYMASnzti/eL8J7rO5Wu3+ieUCm9kwptOjMaGVmuyuzccybJ5fMmkRm',
  '1BozcdSolgWi0fLSs6wUecMKgNWoMGckXQwhCEJRGITMICSyNxKgIWisQWCOQsYIiPD//4gf/+dVj/5ds8+hrjoI1839OehVm7DY',
  'J6LmYFethkdMP4e5CgOZF3Y6h7vKEwFgbeoEc5irmBCBYGMObVVnEyCwObxVTqUWxnOYq/zLAFVg6eU5xFU9bWmy50BXqeNwNFXL',
  'HOiq0w0d2znMVVGAlxQPc4irpPw0E23NYa1iGfVYGHMwq/x+ERQ63MbMQa2SFfFncyirIBnIzIGsQuObUb+hUl9hDmoVn1ga6Rzc',
  'KvC7w7TmwFbhdnEHLHNwq/Jy6DuHuEqibdMxB7wK/qMS7dDmsFft1rljFd4c+Kqd4ZnE+jkIVj1DBXSbA1/FPzX/7+ABXM8Br7qL',
  '2lYPyBzqqiDA5MAtyhziKnkWhUabg13lQ6Ca3MXmIFcZINy/42cObdUr+o6qJsDOga3aFBbf5wDOoaw6XTRzNSg4YA5k1Uk/M5pD',
  'W/W4m+FcEQZkwzmQVV0vkX8ZezcHtKqCRZxiew5t1RUr2fXQncN1zwdzDmgVbEw+wjmYVSdjVsZWPIezCpvPZ3NoqyywQERd54BW',
  'SdZIzBzGKrSymei+lD7kIAnVihih6yeHR6BSePV9DoxAuONpWTksYuQ7qNerHBTh3i/l8AiUBEKlNksOkLDOyWRNlsMicKCh1scj',
  'B0b4sMBolOjFAIXY5gm3/TYLqLx1+Fdf9iqVio6NpmrvSEsDtqDixgVypqjVN8IM/AtwPpYbEdeTlIccTAXP6UnGlN0FviVcPAE8',
  'FgD31CsrACoAKwCDejqaSJOF/Xgmkiq7MxnaOVnTOudNnQ//c6XRWSkOUpzzqm7urPmm1CwEiou3qugaUrRiEFWilw7R+Tz01RJH',
  'GRn6V4UevCsmoTF30KY06OJbezYmOWrdTc/SKoZuaRoHM60YRor5DxLH1C+tZZZGw0rb6Y/zNOUpTRybNukiA3Vbs1offgtUWuPQ',
  '5mettouqnk31MpRqhQrVv6s0tW2pA6NSX12NR+oMgL7oIQwBRIGsQ4TIBE56EqAyVDJCHISQgAj//yeC4geF+1hdHWW9MEShA49V',
  'IM696gOng47Vid/ZqoBKByGrRNa7V0GHIasFTb1VhBU6+FhVRhjhzjkdeqwG5swN4p8sdLCxukDvh0YmSgcdq25SBV+VDj5WUXEb',
  'YtrRgcaqLxvTK6dDjlXfGiF8hb3qsGOVMlqoqmVKhx6l5IM5OuBYxWMYjcTpIGMVwJZKczrUWDVaz9sXdLix+lh7M9mC0iHGKjWQ',
  'EL74HMyqaERpBnNIq0rSAPP5zUGsipu2JZ9DWLVBUCzQiM/hrPqJU2/EHNiq46ORlOewVh1LWKo+h7s/vPqbA1vlfjSboEao5vBW',
  'AZKiyvU5tFVkxlCbc3CrUpDxQ3DqHNiq59TvpCHOwa0Ks5V3+GcObtVxAAaA58BW7WjKwwF2c1irYK9zF6Xm8FbFAF8UdcEc3qoR',
  'GiF2cJV7Dm7VOM5mUpsDW/U1euieDnNYq4ZLE3uVmwNcNbNw8vdvDnNVQpSqHJsDXLVnrovWz2GuitOrsSVuDnQVeaR4xWE+B7gq',
  '26KJa3mZQ1xFYmhiK+rVOdBVxIvDOchVDH9rws2hHfsdbOdQVz0OAhdwIubQRIfJRqiYQ1uFDF0wvmEOTPlq5xBXLQhWFT3DOeRV',
  'mqSJAkpsmANfNaiRYc3msFdlZfFoftAc9CrdqZpbidLgKxQUAzVdAAAAAgAPs8G8CpDSQGvcJMk=',
].join('');

function decoded(bytes: Buffer, pieceBytes = bytes.length, mostWindowBytes = 8 * MEGABYTE): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const decoder = new ZstdDecoder(mostWindowBytes);
    const parts: Buffer[] = [];
    decoder.on('data', (part: Buffer) => parts.push(part));
    decoder.on('end', () => resolve(Buffer.concat(parts)));
    decoder.on('error', reject);
    for (let at = 0; at < bytes.length; at += pieceBytes) decoder.write(bytes.subarray(at, at + pieceBytes));
    decoder.end();
  });
}
const [shorter, longer] = [SHORT, LONG].map((text) => Buffer.from(text, 'base64')) as [Buffer, Buffer];
/** Passed over by whoever does not know what it is. */
const passedOver = Buffer.concat([Buffer.from('5e2a4d1803000000', 'hex'), Buffer.from('abc')]);

describe('a decoder of zstd', () => {
  it.each([
    ['a block', shorter, short],
    ['blocks that go on with the tables of another', longer, long],
    ['bytes as they are, and runs of one', zstdFrame(`a${'b'.repeat(300_000)}c`), `a${'b'.repeat(300_000)}c`],
    ['nothing', zstdFrame(''), ''],
    ['two frames, and one that is passed over', Buffer.concat([shorter, passedOver, shorter]), short + short],
  ])('decodes %s, however it is cut', async (_what, bytes, text) => {
    for (const pieceBytes of [bytes.length, 1_000, 7, 1])
      expect((await decoded(bytes, pieceBytes)).toString()).toBe(text);
  });

  it('decodes whatever Node encodes, where it does', async () => {
    const { zstdCompressSync: encode } = zlib as { zstdCompressSync?: (bytes: Uint8Array) => Buffer };
    if (!encode) return;
    const texts = fc.oneof(
      fc.uint8Array({ maxLength: 5_000 }),
      fc.tuple(fc.nat(), fc.nat(20_000)).map(([seed, count]) => Buffer.from(words(count, seed))),
      fc.array(fc.constantFrom(97, 98, 99), { maxLength: 5_000 }).map((bytes) => Uint8Array.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (bytes) =>
        expect((await decoded(encode(bytes), 997)).equals(Buffer.from(bytes))).toBe(true),
      ),
    );
  });

  it('refuses what breaks off, at whatever byte', async () => {
    for (let end = 0; end < shorter.length; end++)
      await expect(decoded(shorter.subarray(0, end))).rejects.toThrow();
  });

  it('ends with something or an error of its own for bytes that were changed, and reads nothing beside them', async () => {
    const changes = fc.tuple(
      fc.constantFrom(...Array<Buffer>(9).fill(shorter), longer),
      fc.nat(400),
      fc.nat(255),
    );
    await fc.assert(
      fc.asyncProperty(changes, async ([bytes, at, value]) => {
        const changed = Buffer.from(bytes);
        changed[at % changed.length] = value;
        await decoded(changed).catch((error: Error) => expect(error.name).toBe('Malformed'));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['text', Buffer.from(short)],
    ['gzip', zlib.gzipSync(short)],
    [
      'a dictionary',
      Buffer.concat([shorter.subarray(0, 4), Buffer.of(0x01, 0x50, 0x07), shorter.subarray(6)]),
    ],
    ['a block of no kind', Buffer.from('28b52ffd0050070000', 'hex')],
    ['a block that is too large', Buffer.from('28b52ffd0050ffffff', 'hex')],
    ['a copy of what was never there', Buffer.from('28b52ffd00500d0000000001000000', 'hex')],
  ])('refuses %s', async (_what, bytes) => {
    await expect(decoded(bytes)).rejects.toThrow(expect.objectContaining({ name: 'Malformed' }));
  });

  it('refuses to look back further than it is allowed to', async () => {
    await expect(decoded(zstdFrame('a'), 1_000, MEGABYTE - 1)).rejects.toThrow('window');
    expect((await decoded(zstdFrame('a'), 1_000, MEGABYTE)).toString()).toBe('a');
  });

  it('gives no more than is taken: of a few bytes that are much, the next block waits', async () => {
    const decoder = new ZstdDecoder(MEGABYTE);
    decoder.write(zstdFrame('a'.repeat(50 * MEGABYTE)));
    await new Promise((resolve) => decoder.once('readable', resolve));
    expect(decoder.readableLength).toBeLessThan(MEGABYTE);
    decoder.destroy();
  });
});
