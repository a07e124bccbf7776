import type { TestServers } from './global-setup.js';

export default async function globalTeardown(): Promise<void> {
  const { testServers } = globalThis as { testServers?: TestServers };
  if (!testServers) return;
  const { child } = testServers;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin?.end();
  if (child.exitCode === null) await ended;
}
