import zlib from 'node:zlib';
import { zstdFrame } from '../../../support/zstd-frame.js';
import { asked, type OddRequest, sent } from './pieces.js';

const json = JSON.stringify(asked.chat[1]);
const bytes = Buffer.from(json);
const encoded = (what: string, coding: string, body: Buffer, status: number, names: string): OddRequest =>
  sent(what, body, status, names, { 'content-encoding': coding });
const having = (members: string) => `${json.slice(0, -1)},${members}}`;
const far = Buffer.from(`{"x":"${' '.repeat(30_000_000)}"}`);

/** The window is the sixth byte. */
const widened = (frame: Buffer) =>
  Buffer.concat([frame.subarray(0, 5), Buffer.of(17 << 3), frame.subarray(6)]);

/** Bodies that are encoded oddly, or no JSON of ours. */
export const bodies: readonly OddRequest[] = [
  encoded('gzip twice, as it says', 'gzip, gzip', zlib.gzipSync(zlib.gzipSync(bytes)), 415, 'gzip, gzip'),
  encoded('gzip twice, named once', 'gzip', zlib.gzipSync(zlib.gzipSync(bytes)), 400, 'UTF-8'),
  encoded('plain text that says gzip', 'gzip', bytes, 400, 'gzip'),
  encoded('gzip that says br', 'br', zlib.gzipSync(bytes), 400, 'br'),
  encoded('gzip that says it is as it was', 'identity', zlib.gzipSync(bytes), 400, 'UTF-8'),
  encoded('gzip in capitals', 'GZIP', zlib.gzipSync(bytes), 200, ''),
  encoded(
    'gzip in two members',
    'gzip',
    Buffer.concat([zlib.gzipSync(bytes.subarray(0, 9)), zlib.gzipSync(bytes.subarray(9))]),
    200,
    '',
  ),
  encoded(
    'gzip with more behind it',
    'gzip',
    Buffer.concat([zlib.gzipSync(bytes), Buffer.from('more')]),
    400,
    'gzip',
  ),
  encoded('gzip that breaks off', 'gzip', zlib.gzipSync(bytes).subarray(0, -6), 400, 'gzip'),
  encoded('zstd', 'zstd', zstdFrame(bytes), 200, ''),
  encoded('zstd that says gzip', 'gzip', zstdFrame(bytes), 400, 'gzip'),
  encoded('gzip that says zstd', 'zstd', zlib.gzipSync(bytes), 400, 'zstd'),
  encoded('zstd that breaks off', 'zstd', zstdFrame(bytes).subarray(0, -1), 400, 'zstd'),
  encoded('zstd that wants to look back 128 MiB', 'zstd', widened(zstdFrame(bytes)), 400, 'zstd'),
  encoded('zstd of far too much', 'zstd', zstdFrame(far), 413, 'zstd'),
  encoded('nothing that says gzip', 'gzip', Buffer.alloc(0), 400, 'gzip'),
  encoded('a coding of nobody', 'snappy', bytes, 415, 'snappy'),
  encoded('gzip of far too much', 'gzip', zlib.gzipSync(far), 413, 'gzip'),
  encoded(
    'br of far too much',
    'br',
    zlib.brotliCompressSync(far, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } }),
    413,
    'br',
  ),
  sent(
    'a mark of the order of bytes before it',
    Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
    400,
    'JSON',
  ),
  sent('UTF-16', Buffer.from(json, 'utf16le'), 400, 'JSON'),
  sent('half of a letter', Buffer.from(having('"x":"\u00e4"')).subarray(0, -3), 400, 'UTF-8'),
  sent('a list of calls', `[${json}]`, 400, 'object'),
  sent('a call as text', JSON.stringify(json), 400, 'object'),
  sent('two calls', json + json, 400, 'JSON'),
  sent('nothing', '', 400, 'JSON'),
  sent('five thousand levels', having(`"x":${'['.repeat(5_000)}${']'.repeat(5_000)}`), 400, 'levels'),
  sent('no number', having('"temperature":NaN'), 400, 'JSON'),
  sent('a number without end', having(`"temperature":1${'0'.repeat(2_000)}`), 400, 'digits'),
  sent('a name without end', having(`"${'x'.repeat(2_000)}":1`), 400, 'name'),
  sent(
    'more of its own members than anybody has',
    having(Array.from({ length: 1_100 }, (_, at) => `"x${at}":1`).join(',')),
    400,
    'members',
  ),
];
