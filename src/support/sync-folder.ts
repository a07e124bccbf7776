import { open } from 'node:fs/promises';

/** Makes created, renamed and removed names of a folder survive a power cut. Windows cannot, and does so by itself. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
