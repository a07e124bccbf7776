import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Anchor } from './anchor.js';
import { NoteFile } from './note-file.js';
import type { OwnKeys } from './remembered-note.js';

const run = promisify(execFile);

/** Nobody is there to be asked for a password. */
const ENVIRONMENT = { GIT_TERMINAL_PROMPT: '0', GIT_SSH_COMMAND: 'ssh -oBatchMode=yes' };

const AUTHOR = ['-c', 'user.name=Counterfoil', '-c', 'user.email=counterfoil@localhost'];

/** The working copy of a repository: a commit for each checkpoint, pushed where the operator says so. */
export function gitAnchor(
  {
    name,
    path,
    push,
    everyMs,
  }: { readonly name: string; readonly path: string; readonly push: boolean; readonly everyMs: number },
  keys: OwnKeys,
): Anchor {
  const file = new NoteFile({ folder: path, keys });
  return {
    name,
    everyMs,
    remembered: () => file.read(),
    take: async (given, signal) => {
      const git = (...words: readonly string[]) =>
        run('git', ['-C', path, ...words], { signal, env: { ...process.env, ...ENVIRONMENT } });
      try {
        // A folder that is no working copy would be one without a memory.
        await git('rev-parse', '--is-inside-work-tree');
        const obstacle = await file.obstacle(given);
        if (obstacle) return obstacle;
        await file.write(given.checkpoint.note);
        await git('add', 'checkpoint');
        const { stdout } = await git('status', '--porcelain', '--', 'checkpoint');
        const said = `${given.origin}: ${given.checkpoint.size} entries`;
        if (stdout !== '') await git(...AUTHOR, 'commit', '--quiet', '-m', said, '--', 'checkpoint');
        if (push) await git('push', '--quiet');
        return { kind: 'taken' };
      } catch (error) {
        return { kind: 'failed', reason: reasonOf(error) };
      }
    },
  };
}

/** What git said may hold the address of a remote, and that a password. */
function reasonOf(error: unknown): string {
  const { code, cmd = '' } = error as { code?: string | number; cmd?: string };
  const verb = /\b(rev-parse|add|status|commit|push)\b/.exec(cmd)?.[0];
  return verb === undefined
    ? `git could not be run (${code ?? 'unknown'})`
    : `git ${verb} failed (${code ?? 'ended'})`;
}
