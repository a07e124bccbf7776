export { toJson } from '../support/json-text.js';
export { type Row, table } from '../support/table.js';

/** Where a command writes: results to `out`, progress and complaints to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether stderr is a terminal, so that a progress line may overwrite itself. */
  readonly interactive: boolean;
}

/** Whoever read our results has gone, as `| head` does: nothing more is to be done. */
export class ReaderLeft extends Error {
  override readonly name = 'ReaderLeft';
}

let readerLeft = false;

/** For the end of the command: the reader of stdout went before it. */
export const hasReaderLeft = (): boolean => readerLeft;

/** From here on a closed pipe behind stdout or stderr is not a crash. Node ignores SIGPIPE, so that EPIPE has to end the command. */
export function watchReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (stream === process.stdout) readerLeft = true;
    });
  }
}

export const processTerminal: Terminal = {
  out: (text) => {
    if (readerLeft) throw new ReaderLeft('the reader of the output has gone');
    process.stdout.write(`${text}\n`);
  },
  err: (text) => void process.stderr.write(`${text}\n`),
  interactive: process.stderr.isTTY === true,
};

/** One line on stderr that says where long work is, at most twice a second; a line of its own at the end. */
export function progressLine(terminal: Terminal): {
  readonly show: (line: () => string) => void;
  readonly done: (text: string) => void;
} {
  let shownMs = 0;
  return {
    show(line) {
      const nowMs = Date.now();
      if (nowMs - shownMs < 500) return;
      shownMs = nowMs;
      if (terminal.interactive) process.stderr.write(`\r\x1b[K${line()}`);
      else terminal.err(line());
    },
    done(text) {
      if (terminal.interactive) process.stderr.write('\r\x1b[K');
      terminal.err(text);
    },
  };
}

/** Rate and place of long work. */
export function progress(
  terminal: Terminal,
  label: string,
): { at(done: bigint | number, total?: bigint | number): void; done(text: string): void } {
  const startedMs = Date.now();
  const { show, done } = progressLine(terminal);
  return {
    at: (count, total) =>
      show(() => {
        const rate = Math.round(Number(count) / Math.max(0.001, (Date.now() - startedMs) / 1000));
        const share =
          total !== undefined && Number(total) > 0
            ? ` of ${Number(total).toLocaleString('en-US')} (${Math.floor((100 * Number(count)) / Number(total))} %)`
            : '';
        return `${label}: ${Number(count).toLocaleString('en-US')}${share}, ${rate.toLocaleString('en-US')}/s`;
      }),
    done,
  };
}
