import { cp, mkdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { inputOf, outputIn } from '../../../build/programs.mjs';
import { asleep, AWAKE } from './asleep.js';
import type { Mutation } from './mutations.js';

/** The repository this program is part of. */
export const REPOSITORY = resolve(import.meta.dirname, '../../..');

/** A build of the service in a folder of its own, as it would be installed. */
export interface Build {
  readonly name: string;
  readonly main: string;
  readonly cli: string;
  /** What its processes are started with. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What a build takes from the repository beside its sources. */
const SHARED = ['node_modules', 'package.json'];
const PROGRAMS = ['main', 'cli/main'];

export interface BuildOptions {
  /** A checkout; by default this one. */
  readonly source?: string;
  /** What can be made to be other than it is written. */
  readonly mutations?: readonly Mutation[];
  /** Modules that are loaded by themselves, by their place in `src`. */
  readonly modules?: readonly string[];
  /** A file for each module, at its place in `src`: for a program of before, which looks for files from there. */
  readonly asWritten?: boolean;
}

/**
 * Builds `source`/src into `folder`.
 *
 * @throws Error when the snippet of a mutation is not there exactly once
 */
export async function build(
  name: string,
  folder: string,
  { source = REPOSITORY, mutations = [], modules = [], asWritten = false }: BuildOptions = {},
): Promise<Build> {
  await mkdir(folder, { recursive: true });
  for (const shared of SHARED) await symlink(join(REPOSITORY, shared), join(folder, shared));
  await cp(join(source, 'migrations'), join(folder, 'migrations'), { recursive: true });
  const programs = [...PROGRAMS, ...modules.map((module) => module.replace(/\.ts$/, ''))];
  const plugins = mutations.length > 0 ? [asleep(source, mutations)] : [];
  const bundle = await rolldown({ ...inputOf(source, programs, asWritten ? 'apart' : 'in'), plugins });
  const places = { preserveModules: true, preserveModulesRoot: join(source, 'src') };
  // Nobody reads where a line was written: the processes of a run are started without.
  const output = { ...outputIn(join(folder, 'dist')), sourcemap: false };
  await bundle.write({ ...output, ...(asWritten && places) });
  return { name, main: join(folder, 'dist/main.js'), cli: join(folder, 'dist/cli/main.js'), environment: {} };
}

/** Of a build with mutations, that with this one awake. */
export const broken = (sound: Build, { name }: Mutation): Build => ({
  ...sound,
  name: `broken: ${name}`,
  environment: { [AWAKE]: name },
});
