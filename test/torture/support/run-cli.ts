import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Cluster } from '../cluster/cluster.js';

const run = promisify(execFile);

/** Runs the counterfoil command beside the services. Answers what it wrote to stdout, whatever its exit code, where it wrote anything. */
export const runCli = (cluster: Cluster, ...args: string[]): Promise<string> => feedCli(cluster, '', ...args);

/** As `runCli`, with something to read on stdin. */
export const feedCli = (cluster: Cluster, input: string, ...args: string[]): Promise<string> =>
  runIn(cluster, cluster.environment, input, args);

/** As `runCli`, told otherwise where servers are. */
export const runCliWith = (
  cluster: Cluster,
  otherwise: Readonly<Record<string, string | undefined>>,
  ...args: string[]
): Promise<string> => runIn(cluster, { ...cluster.environment, ...otherwise }, '', args);

async function runIn(
  cluster: Cluster,
  environment: Readonly<Record<string, string | undefined>>,
  input: string,
  args: readonly string[],
): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const { build } = cluster.options;
  const env = { PATH, HOME, ...environment, ...build.environment };
  const options = { env, timeout: 120_000, maxBuffer: 64 * 1024 * 1024 };
  const running = run(process.execPath, [build.cli, ...args], options);
  running.child.stdin?.on('error', () => undefined).end(input);
  const { stdout } = await running.catch((error: { stdout?: string; stderr?: string }) => {
    if (error.stdout?.trim()) return { stdout: error.stdout };
    throw new Error(`counterfoil ${args.join(' ')}: ${error.stderr}`);
  });
  return stdout;
}
