import { UsageError } from './exit-codes.js';

const MAX_BYTES = 4096;
const SILENCE_MS = 10_000;
const SILENT = `stdin is no terminal, and no password came from it within ${SILENCE_MS / 1000} s; pipe it in (printf '%s\\n' "$PASSWORD" | counterfoil …)`;

/** Asks for a new password on the terminal, twice and unseen; where stdin is no terminal, its first line is the password. */
export async function readNewPassword(): Promise<string> {
  if (!process.stdin.isTTY) return readLine();
  const password = await ask('Password: ');
  if ((await ask('Again: ')) !== password) throw new UsageError('the two are not the same');
  return password;
}

async function readLine(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Whoever started us may have left a pipe open that nobody writes to: without an end of our own we would wait for ever, unseen.
  const silent = setTimeout(() => process.stdin.destroy(new UsageError(SILENT)), SILENCE_MS);
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    clearTimeout(silent);
    chunks.push(chunk);
    bytes += chunk.length;
    if (chunk.includes(10) || bytes > MAX_BYTES) break;
  }
  clearTimeout(silent);
  const [line = ''] = Buffer.concat(chunks).toString().split(/\r?\n/, 1);
  if (line === '') throw new UsageError('a password is expected on stdin');
  return line;
}

const [ENTER, INTERRUPT, END] = ['\r', '\u0003', '\u0004'];

/** Reads key by key, so that nothing is shown. */
function ask(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true).resume().setEncoding('utf8');
  return new Promise((resolve, reject) => {
    let typed = '';
    const end = (settle: () => void): void => {
      stdin.off('data', onKeys).setRawMode(false).pause();
      stderr.write('\n');
      settle();
    };
    const onKeys = (keys: string): void => {
      for (const key of keys) {
        if (key === ENTER || key === '\n') return end(() => resolve(typed));
        if (key === INTERRUPT || key === END) return end(() => reject(new UsageError('nothing was changed')));
        typed = key === '\u007f' || key === '\b' ? [...typed].slice(0, -1).join('') : typed + key;
      }
    };
    stdin.on('data', onKeys);
  });
}
