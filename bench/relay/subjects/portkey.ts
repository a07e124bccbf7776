import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../../test/support/eventually.js';
import { freePort } from '../../../test/support/free-port.js';
import { CHAT_PATH, JSON_HEADERS, type Subject } from './subject.js';

const PEERS = fileURLToPath(new URL('../../peers', import.meta.url));
const PROGRAM = `${PEERS}/node_modules/@portkey-ai/gateway/build/start-server.js`;

/** The gateway of Portkey: it passes calls on, without keys of its own, balances or charges. Installed from `bench/peers` when it is not there. */
export async function startPortkey(upstreamPort: number): Promise<Subject> {
  if (!existsSync(PROGRAM)) execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: PEERS, stdio: 'inherit' });
  const port = await freePort();
  const child = spawn(process.execPath, [PROGRAM, `--port=${port}`, '--headless'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(url)).ok, { timeoutMs: 30_000 });
  return {
    name: 'Portkey gateway 1.15.2',
    url,
    path: CHAT_PATH,
    headers: {
      ...JSON_HEADERS,
      authorization: 'Bearer sk-bench',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${upstreamPort}/v1`,
    },
    pids: [child.pid as number],
    helpers: [],
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
