// Takes away what a torture run leaves behind when it is killed itself: its standard input closes then, however that came about.
// Lines: `+<pid>` and `-<pid>` for processes, `mount <folder>` and `folder <folder>` for what is to be unmounted and removed.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const pids = new Set();
const mounts = [];
const folders = [];
let keeps = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [word, rest = ''] = line.split(/ (.*)/, 2);
    if (word === 'mount') mounts.push(rest);
    else if (word === 'folder') folders.push(rest);
    else if (word === 'keep') keeps = true;
    else if (word.startsWith('+')) pids.add(Number(word.slice(1)));
    else pids.delete(Number(word.slice(1)));
  })
  .on('close', () => {
    for (const pid of pids) attempt(() => process.kill(pid, 'SIGKILL'));
    for (const folder of mounts) attempt(() => execFileSync('umount', ['-l', folder], { stdio: 'ignore' }));
    for (const folder of keeps ? [] : folders)
      attempt(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  });

function attempt(action) {
  try {
    action();
  } catch {
    // It is gone already.
  }
}
