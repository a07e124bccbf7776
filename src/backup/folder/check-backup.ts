import type { Secret } from '../sealing/folder-key.js';
import { openFolderKey } from '../sealing/folder-key.js';
import { type Manifest, NotWhole } from '../manifest.js';
import { filesOf, type ManifestKeys, readBackup } from './backup-folder.js';
import { checkFile } from './packed-file.js';

/** A backup that was found whole, and what opens its files. */
export interface WholeBackup {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Undefined where it is not encrypted. */
  readonly key: Buffer | undefined;
}

/**
 * Reads all of a backup, changes nothing, and answers only when every file is there as it was written and each part of the log begins
 * where the one before ends.
 *
 * @throws NotWhole, CannotUnseal
 */
export async function checkBackup(
  folder: string,
  keys: ManifestKeys,
  secret: Secret | undefined,
  onFile?: (checked: { readonly bytes: number; readonly of: number }) => void,
): Promise<WholeBackup> {
  const manifest = await readBackup(folder, keys);
  const key = manifest.encryption ? await openFolderKey(manifest.encryption, secret) : undefined;
  assertWithoutGaps(manifest);
  const files = filesOf(manifest);
  const of = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let bytes = 0;
  for (const file of files) {
    await checkFile(folder, file);
    bytes += file.bytes;
    onFile?.({ bytes, of });
  }
  return { folder, manifest, key };
}

function assertWithoutGaps({ log: { events, last, parts } }: Manifest): void {
  let after = -1n;
  for (const part of parts) {
    if (part.after !== after) throw new NotWhole(`${part.file} does not begin where the part before it ends`);
    after = part.until;
  }
  const counted = parts.reduce((sum, part) => sum + part.events, 0);
  if (after !== last.position || counted !== events)
    throw new NotWhole('the parts of the log do not end where the manifest says');
}
