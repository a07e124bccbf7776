import { open } from 'node:fs/promises';

/** Within a page of 8 KB that has anything, its end is the first row. */
const ROTTEN_AT = 8_100;

/** One bit of the first page of a file of a table, and back again. Answers the byte that it is in, as it is now. */
export async function turnBit(path: string): Promise<number> {
  const file = await open(path, 'r+');
  try {
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, ROTTEN_AT);
    byte[0] = (byte[0] ?? 0) ^ 1;
    await file.write(byte, 0, 1, ROTTEN_AT);
    await file.sync();
    return byte[0];
  } finally {
    await file.close();
  }
}

/** The byte that `turnBit` turns a bit of. */
export async function byteOf(path: string): Promise<number | undefined> {
  const file = await open(path, 'r');
  try {
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, ROTTEN_AT);
    return byte[0];
  } finally {
    await file.close();
  }
}
