import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { inputOf, outputIn } from '../../../build/programs.mjs';
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
const PROGRAMS = ['main', 'cli/main'];

export interface BuildOptions {
  /** A checkout; by default this one. */
  readonly source?: string;
  /** One module is to be other than it is written. */
  readonly mutation?: Mutation;
  /** A file for each module, at its place in `src`: for who loads modules, or for a program of before, which looks for files from there. */
  readonly asWritten?: boolean;
}

/** Builds `source`/src into `folder`. */
export async function build(
  name: string,
  folder: string,
  { source = REPOSITORY, mutation, asWritten = false }: BuildOptions = {},
): Promise<Build> {
  await mkdir(folder, { recursive: true });
  for (const shared of SHARED) await symlink(join(REPOSITORY, shared), join(folder, shared));
  await cp(join(source, 'migrations'), join(folder, 'migrations'), { recursive: true });
  const plugins = mutation ? [mutating(source, mutation)] : [];
  const packages = mutation || asWritten ? 'apart' : 'in';
  const bundle = await rolldown({ ...inputOf(source, PROGRAMS, packages), plugins });
  const places = { preserveModules: true, preserveModulesRoot: join(source, 'src') };
  await bundle.write({ ...outputIn(join(folder, 'dist')), ...(asWritten && places) });
  return builtIn(folder, name);
}

/**
 * A build of the working tree in which one snippet of one file is replaced, and nothing else.
 *
 * @throws Error when the snippet of the mutation is not there exactly once
 */
export const breakBuild = (
  folder: string,
  mutation: Mutation,
  options: Pick<BuildOptions, 'asWritten'> = {},
): Promise<Build> => build(`broken: ${mutation.name}`, folder, { ...options, mutation });

function builtIn(folder: string, name: string): Build {
  return { name, main: join(folder, 'dist/main.js'), cli: join(folder, 'dist/cli/main.js') };
}

function mutating(source: string, mutation: Mutation): Plugin {
  const mutated = join(source, mutation.file);
  return {
    name: mutation.name,
    load: async (id) =>
      id === mutated ? { code: mutate(await readFile(id, 'utf8'), mutation), moduleType: 'ts' } : null,
  };
}

function mutate(text: string, { name, file, snippet, replacement }: Mutation): string {
  const found = text.split(snippet).length - 1;
  if (found !== 1)
    throw new Error(
      `${name}: its snippet is ${found} times in ${file}, not once; the code has moved on and the canary must follow`,
    );
  return text.replace(snippet, () => replacement);
}
