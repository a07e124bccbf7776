import { transform } from '@swc/core';
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

/** Compiles `source`/src into `folder`. */
export async function build(name: string, folder: string, source = REPOSITORY): Promise<Build> {
  await mkdir(folder, { recursive: true });
  for (const shared of SHARED) await symlink(join(REPOSITORY, shared), join(folder, shared));
  await cp(join(source, 'migrations'), join(folder, 'migrations'), { recursive: true });
  const files = (await readdir(join(source, 'src'), { recursive: true })).filter((file) =>
    file.endsWith('.ts'),
  );
  for (const file of files) await compile(await readFile(join(source, 'src', file), 'utf8'), folder, file);
  return builtIn(folder, name);
}

/**
 * A copy of a build of the working tree in which one snippet of one file is replaced, and nothing else.
 *
 * @throws Error when the snippet of the mutation is not there exactly once
 */
export async function breakBuild(sound: Build, folder: string, mutation: Mutation): Promise<Build> {
  await cp(join(sound.main, '../..'), folder, { recursive: true, verbatimSymlinks: true });
  const text = await readFile(join(REPOSITORY, mutation.file), 'utf8');
  await compile(mutate(text, mutation), folder, mutation.file.replace(/^src\//, ''));
  return builtIn(folder, `broken: ${mutation.name}`);
}

function builtIn(folder: string, name: string): Build {
  return { name, main: join(folder, 'dist/main.js'), cli: join(folder, 'dist/cli/main.js') };
}

async function compile(text: string, folder: string, file: string): Promise<void> {
  const target = join(folder, 'dist', file.replace(/\.ts$/, '.js'));
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
