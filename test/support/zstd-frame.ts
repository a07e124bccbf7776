/** The most that a block may hold. */
const BLOCK_BYTES = 128 * 1024;
const LEAST_RUN_BYTES = 1_000;

/** A frame of zstd that says the text in blocks of its own bytes, and long runs of one byte by their length: for versions of Node without zstd. */
export function zstdFrame(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text);
  const blocks = [...runsOf(bytes)].flatMap(({ from, to, isRun }) =>
    cut(from, to).map((each) => ({ ...each, isRun })),
  );
  const parts = (blocks.length > 0 ? blocks : [{ from: 0, to: 0, isRun: false }]).map(
    ({ from, to, isRun }, at) => {
      const head = Buffer.alloc(3);
      head.writeUIntLE(((to - from) << 3) | (isRun ? 2 : 0) | (at >= blocks.length - 1 ? 1 : 0), 0, 3);
      return Buffer.concat([head, bytes.subarray(from, isRun ? from + 1 : to)]);
    },
  );
  // The magic number; neither sizes nor sum; a window of 1 MiB.
  return Buffer.concat([Buffer.from('28b52ffd', 'hex'), Buffer.of(0, 10 << 3), ...parts]);
}

function* runsOf(bytes: Buffer): Generator<{ from: number; to: number; isRun: boolean }> {
  /** Where what is no run begins. */
  let from = 0;
  for (let at = 0, end: number; at < bytes.length; at = end) {
    for (end = at + 1; bytes[end] === bytes[at];) end++;
    if (end - at < LEAST_RUN_BYTES) continue;
    if (at > from) yield { from, to: at, isRun: false };
    yield { from: at, to: end, isRun: true };
    from = end;
  }
  if (from < bytes.length) yield { from, to: bytes.length, isRun: false };
}

function cut(from: number, to: number): { from: number; to: number }[] {
  const pieces: { from: number; to: number }[] = [];
  for (let at = from; at < to; at += BLOCK_BYTES)
    pieces.push({ from: at, to: Math.min(to, at + BLOCK_BYTES) });
  return pieces;
}
