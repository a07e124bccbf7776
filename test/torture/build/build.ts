import { transform } from '@swc/core';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Mutation } from './mutations.js';

/** The repository this program is part of. */
export const REPOSITORY = resolve(import.meta.dirname, '../../..');

/** A build of the service in a folder of its own, as it would be installed. */
export interface Build {
  readonly name: string;
  readonly main: string;
  readonly cli: string;
}

/** What a build takes from the repository beside its sources. */
const SHARED = ['node_modules', 'package.json'];

/**
 * Compiles `source`/src into `folder`. A mutation replaces one snippet in one file; nothing else differs.
 *
 * @throws Error when the snippet of the mutation is not there exactly once
 */
export async function build(
  name: string,
  folder: string,
  { source = REPOSITORY, mutation }: { readonly source?: string; readonly mutation?: Mutation } = {},
): Promise<Build> {
  await mkdir(folder, { recursive: true });
  for (const shared of SHARED)
    if (!existsSync(join(folder, shared))) await symlink(join(REPOSITORY, shared), join(folder, shared));
  await cp(join(source, 'migrations'), join(folder, 'migrations'), { recursive: true });
  const files = (await readdir(join(source, 'src'), { recursive: true })).filter((file) =>
    file.endsWith('.ts'),
  );
  let mutated = false;
  for (const file of files) {
    let text = await readFile(join(source, 'src', file), 'utf8');
    if (mutation && join('src', file) === mutation.file) {
      text = mutate(text, mutation);
      mutated = true;
    }
    await compile(text, join(folder, 'dist', file.replace(/\.ts$/, '.js')));
  }
  if (mutation && !mutated) throw new Error(`${mutation.name}: there is no ${mutation.file} any more`);
  const program = (path: string) => join(folder, 'dist', path);
  return { name, main: program('main.js'), cli: program('cli/main.js') };
}

async function compile(text: string, target: string): Promise<void> {
  const { code } = await transform(text, {
    filename: target,
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  });
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, code);
}

function mutate(text: string, { name, file, snippet, replacement }: Mutation): string {
  const found = text.split(snippet).length - 1;
  if (found !== 1)
    throw new Error(
      `${name}: its snippet is ${found} times in ${file}, not once; the code has moved on and the canary must follow`,
    );
  return text.replace(snippet, () => replacement);
}
