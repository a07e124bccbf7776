import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { ZstdDecoder } from './zstd-decoder.js';

/** A decoder keeps as much as the sender wants to look back; beyond 8 MiB, which is what HTTP asks of everybody (RFC 9659), is refused. */
const WINDOW_LOG = 23;

export type Decoder = Transform & { readonly bytesWritten: number };

/** What Node's types of today do not know: it decodes zstd from 22.15 on. */
interface MaybeZstd {
  readonly createZstdDecompress?: (options: object) => Decoder;
  readonly constants: { readonly ZSTD_d_windowLogMax?: number };
}

/** Node's own where it has one. */
export function createZstdDecoder(): Decoder {
  const { createZstdDecompress, constants } = zlib as unknown as MaybeZstd;
  const { ZSTD_d_windowLogMax: window } = constants;
  if (!createZstdDecompress || window === undefined) return new ZstdDecoder(2 ** WINDOW_LOG);
  return createZstdDecompress({ params: { [window]: WINDOW_LOG } });
}
