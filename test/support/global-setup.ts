import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// Jest loads this file outside its own module system, where an import of a TypeScript file fails: all work is done by a program
// of our own. It lives as long as this process does (even when that is killed), and then takes its server and files with it.

export interface TestServers {
  readonly child: ChildProcess;
}

export default async function globalSetup(): Promise<void> {
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(process.execPath, ['--import', path('./typescript.mjs'), path('./test-servers.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const said = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', reject);
    child.once('exit', () =>
      reject(new Error('The servers for the tests did not start; the reason is printed above.')),
    );
  });
  const { url, folder } = JSON.parse(said) as { url: string; folder: string };
  // Workers are started later and inherit both.
  process.env.COUNTERFOIL_TEST_POSTGRES_URL = url;
  process.env.TMPDIR = folder;
  (globalThis as { testServers?: TestServers }).testServers = { child };
}
