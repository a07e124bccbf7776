import { execFile } from 'node:child_process';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import type { ServerLayout } from '../../../src/postgres/embedded/layout.js';

const run = promisify(execFile);
let replicas = 0;

/** The files of a running server beside its own, as a base backup makes them, to be started as one that follows it. */
export async function prepareStandby(primary: ServerLayout, client: pg.Client): Promise<ServerLayout> {
  const layout = await layoutBeside(primary);
  await client.query("SELECT pg_backup_start('replica', true)");
  // What goes while it is copied is written again from the log.
  await run('sh', ['-c', 'cp -a "$0" "$1" 2>/dev/null; true', primary.clusterDir, layout.clusterDir]);
  const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
  await becomeStandby(layout, rows[0]?.labelfile ?? '');
  return layout;
}

async function layoutBeside(layout: ServerLayout): Promise<ServerLayout> {
  const dataDir = `${layout.dataDir}-replica-${++replicas}`;
  await mkdir(dataDir, { mode: 0o700 });
  if (layout.user) await chown(dataDir, layout.user.uid, layout.user.gid);
  return { ...layout, dataDir, clusterDir: join(dataDir, 'cluster'), logFile: join(dataDir, 'postgres.log') };
}

async function becomeStandby({ clusterDir, user }: ServerLayout, label: string): Promise<void> {
  await rm(join(clusterDir, 'postmaster.pid'), { force: true });
  for (const [name, content] of [
    ['backup_label', label],
    ['standby.signal', ''],
  ] as const) {
    await writeFile(join(clusterDir, name), content);
    if (user) await chown(join(clusterDir, name), user.uid, user.gid);
  }
}
