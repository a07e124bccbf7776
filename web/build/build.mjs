// Builds the pages into dist/web, unless that was made of the very same files before.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generate } from './generate.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const MADE_OF = at('../../dist/web/.made-of');

function digest() {
  const hash = createHash('sha256');
  const files = readdirSync(at('..'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .filter((path) => !/\/(node_modules|generated)\//.test(path))
    .sort();
  for (const path of [
    ...files,
    at('../../docs/openapi.json'),
    at('../../docs/clients.md'),
    ...readdirSync(at('../../presets'))
      .sort()
      .map((name) => at(`../../presets/${name}`)),
    at('../../package-lock.json'),
  ])
    hash
      .update(path.slice(at('../..').length))
      .update('\0')
      .update(readFileSync(path))
      .update('\0');
  return hash.digest('hex');
}

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

const madeOf = digest();
if (read(MADE_OF) !== madeOf || read(at('../src/generated/clients.ts')) === undefined) {
  await generate();
  const { build } = await import('vite');
  await build({ configFile: at('../vite.config.mjs'), logLevel: 'warn' });
  writeFileSync(MADE_OF, madeOf);
}
