import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Build, build, REPOSITORY } from './build.js';

const run = promisify(execFile);
const git = async (...args: string[]): Promise<string> =>
  (await run('git', args, { cwd: REPOSITORY, maxBuffer: 64 * 1024 * 1024 })).stdout.trim();

/** What two programs on one ledger must agree on: stored events, the database, read models and the cache's records. */
const SHARED_SHAPES = ['docs/events', 'migrations', 'src/projections', 'src/balance'];
const LOOK_BACK = 300;

/**
 * The oldest commit that may run beside the present one: of the same shapes all along, and of another program. Undefined where the
 * history is not there (a shallow clone, an archive) or holds none.
 */
export async function findOldRevision(): Promise<string | undefined> {
  try {
    const revisions = (await git('log', '--first-parent', '--format=%H', `-${LOOK_BACK}`)).split('\n');
    const head = await shapeOf('HEAD');
    const source = await git('rev-parse', 'HEAD:src');
    let oldest: string | undefined;
    for (const revision of revisions) {
      if ((await shapeOf(revision)) !== head) break;
      if ((await git('rev-parse', `${revision}:src`)) !== source) oldest = revision;
    }
    return oldest;
  } catch {
    return undefined;
  }
}

const shapeOf = (revision: string): Promise<string> =>
  git('rev-parse', ...SHARED_SHAPES.map((path) => `${revision}:${path}`));

export async function buildOld(revision: string, folder: string): Promise<Build> {
  const source = join(folder, 'source');
  await mkdir(source, { recursive: true });
  const archive = join(folder, 'source.tar');
  await git('archive', '--output', archive, revision, 'src', 'migrations');
  await run('tar', ['-x', '-f', archive, '-C', source]);
  return build(`old ${revision.slice(0, 10)}`, join(folder, 'built'), { source, asWritten: true });
}
