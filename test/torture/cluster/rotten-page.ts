import { open } from 'node:fs/promises';

/** Within a page of 8 KB that has anything, its end is the first row. */
const ROTTEN_AT = 8_100;

/** One bit of the first page of a file of a table, and back again. */
export async function turnBit(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, ROTTEN_AT);
    byte[0] = (byte[0] ?? 0) ^ 1;
    await file.write(byte, 0, 1, ROTTEN_AT);
    await file.sync();
  } finally {
    await file.close();
  }
}
