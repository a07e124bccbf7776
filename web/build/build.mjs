// Builds the pages into dist/web, unless that was made of the very same files before.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, textOf } from '../../build/made-of.mjs';
import { generate } from './generate.mjs';

const root = join(import.meta.dirname, '../..');
const at = (path) => join(root, path);
const MADE_OF = at('dist/web/.made-of');

const madeOf = digestOf(root, [
  'web',
  'build',
  'presets',
  'docs/openapi.json',
  'docs/clients.md',
  'package-lock.json',
]);
if (textOf(MADE_OF) !== madeOf || textOf(at('web/src/generated/clients.ts')) === undefined) {
  await generate();
  const { build } = await import('vite');
  await build({ configFile: at('web/vite.config.mjs'), logLevel: 'warn' });
  writeFileSync(MADE_OF, madeOf);
}
