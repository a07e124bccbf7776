// Builds the service into dist, unless that was made of the very same files before.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, textOf } from './made-of.mjs';
import { inputOf, outputIn } from './programs.mjs';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const MADE_OF = join(dist, '.made-of');

const madeOf = digestOf(root, ['src', 'build', 'package-lock.json']);
if (textOf(MADE_OF) !== madeOf) {
  const { rolldown } = await import('rolldown');
  const { output } = await (await rolldown(inputOf(root))).write(outputIn(dist));
  const made = output.map(({ fileName }) => fileName);
  // The pages have a build of their own.
  const isOurs = (name) =>
    /^web(\/|$)/.test(name) || made.some((each) => each === name || each.startsWith(`${name}/`));
  for (const name of readdirSync(dist, { recursive: true }))
    if (!isOurs(name)) rmSync(join(dist, name), { recursive: true, force: true });
  writeFileSync(MADE_OF, madeOf);
}
