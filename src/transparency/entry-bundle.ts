const LENGTH_BYTES = 2;
/** A leaf entry is small: what is public says little. */
export const MAX_ENTRY_BYTES = 1_024;

/** Entries as tlog-tiles serves them: each behind its length. @throws RangeError for one that is too long */
export function bundleOf(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY_BYTES)
        throw new RangeError(`an entry has at most ${MAX_ENTRY_BYTES} bytes`);
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

/** The entries of a bundle; `atMost` of them. @throws RangeError where it is broken off */
export function entriesOf(bundle: Buffer, atMost = Infinity): readonly Buffer[] {
  const entries: Buffer[] = [];
  for (let at = 0; at < bundle.length && entries.length < atMost;) {
    if (at + LENGTH_BYTES > bundle.length) throw new RangeError('a bundle of entries is broken off');
    const end = at + LENGTH_BYTES + bundle.readUInt16BE(at);
    if (end > bundle.length) throw new RangeError('a bundle of entries is broken off');
    entries.push(bundle.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return entries;
}
