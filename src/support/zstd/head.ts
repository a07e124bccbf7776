import { Malformed } from './bits.js';

/** What the head of a frame says. */
export interface FrameHead {
  /** How far back blocks may copy from. */
  readonly windowBytes: number;
  readonly hasChecksum: boolean;
}

const SIZES_OF_DICTIONARY = [0, 1, 2, 4] as const;
const SIZES_OF_CONTENT = [0, 2, 4, 8] as const;

interface Parts {
  readonly isOnePiece: boolean;
  readonly dictionary: number;
  readonly content: number;
}

function partsOf(descriptor: number): Parts {
  const isOnePiece = (descriptor & 32) !== 0;
  const content = SIZES_OF_CONTENT[(descriptor >> 6) as 0 | 1 | 2 | 3];
  return {
    isOnePiece,
    dictionary: SIZES_OF_DICTIONARY[(descriptor & 3) as 0 | 1 | 2 | 3],
    content: content === 0 && isOnePiece ? 1 : content,
  };
}

/** Bytes of a head that begins with this one. */
export function headBytes(descriptor: number): number {
  const { isOnePiece, dictionary, content } = partsOf(descriptor);
  return 1 + (isOnePiece ? 0 : 1) + dictionary + content;
}

/** @throws Malformed also for what this decoder does not have: dictionaries, and windows beyond `mostWindowBytes` */
export function readHead(head: Buffer, mostWindowBytes: number): FrameHead {
  const [descriptor = 0, window = 0] = head;
  const { isOnePiece, dictionary, content } = partsOf(descriptor);
  if ((descriptor & 8) !== 0) throw new Malformed('a head says what nobody knows');
  const at = isOnePiece ? 1 : 2;
  if (head.subarray(at, at + dictionary).some((byte) => byte !== 0))
    throw new Malformed('it needs a dictionary');
  const windowBytes = isOnePiece
    ? contentBytes(head.subarray(at + dictionary), content)
    : 2 ** (10 + (window >> 3)) * (1 + (window & 7) / 8);
  if (windowBytes > mostWindowBytes) throw new Malformed('its window is too large');
  return { windowBytes, hasChecksum: (descriptor & 4) !== 0 };
}

function contentBytes(bytes: Buffer, size: number): number {
  switch (size) {
    case 1:
      return bytes.readUInt8(0);
    case 2:
      return bytes.readUInt16LE(0) + 256;
    case 4:
      return bytes.readUInt32LE(0);
    default:
      return Number(bytes.readBigUInt64LE(0));
  }
}
