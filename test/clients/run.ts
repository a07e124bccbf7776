import { spawn } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Place, Session } from './sessions.js';

const WITHIN_MS = 480_000;
const MOST_OUTPUT = 200_000;

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a client in a home of its own, with no way to the internet but a proxy that leads to none. */
export async function run(
  session: Session,
  installed: string,
  proxy: string,
  place: Omit<Place, 'mcpServer'>,
  start: Session['start'] = (given) => session.start(given),
): Promise<Ran> {
  const mcpServer = fileURLToPath(new URL('./mcp-server.mjs', import.meta.url));
  const { before, args, environment = {}, files = {} } = start({ ...place, mcpServer });
  for (const [name, text] of Object.entries(files)) {
    const file = join(place.folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const [command, ...first] = await commandOf(session, installed);
  const env = {
    PATH: process.env['PATH'],
    HOME: place.folder,
    TERM: 'dumb',
    CI: '1',
    NO_COLOR: '1',
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    NO_PROXY: '127.0.0.1,localhost',
    DO_NOT_TRACK: '1',
    ...environment,
  };
  const told = before && (await ended(command, [...first, ...before], { cwd: place.folder, env }));
  if (told && told.code !== 0) return told;
  return ended(command, [...first, ...args], { cwd: place.folder, env });
}

function ended(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Ran> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const take = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-MOST_OUTPUT));
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const timer = setTimeout(() => child.kill('SIGKILL'), WITHIN_MS);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

/** A program finds its packages where it lies. */
async function commandOf({ command }: Session, installed: string): Promise<[string, ...string[]]> {
  if (typeof command === 'string') return [join(installed, 'node_modules/.bin', command)];
  const copy = join(installed, command.program);
  await copyFile(new URL(`./programs/${command.program}`, import.meta.url), copy);
  return [process.execPath, copy];
}
