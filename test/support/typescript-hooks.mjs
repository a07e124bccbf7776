import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const swc = {
  swcrc: false,
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

/** What was compiled once, by what it says: programs of tests are started by the dozen, each of hundreds of modules. */
const kept = fileURLToPath(new URL('../../node_modules/.cache/typescript/', import.meta.url));
mkdirSync(kept, { recursive: true });
const form = JSON.stringify([
  swc,
  readFileSync(new URL('../../node_modules/@swc/core/package.json', import.meta.url), 'utf8'),
]);

/** Imports say `.js`, as the compiled files will be called. */
export async function resolve(specifier, context, nextResolve) {
  if (/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts')) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true };
  }
  if (context.parentURL === undefined && specifier.endsWith('.ts'))
    return { url: specifier, format: 'module', shortCircuit: true };
  return nextResolve(specifier, context);
}

export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context);
  const path = fileURLToPath(url);
  const text = readFileSync(path, 'utf8');
  const file = `${kept}${createHash('sha256').update(form).update(path).update(text).digest('hex')}.js`;
  if (!existsSync(file)) {
    // Loaded where there is something to compile.
    const { transform } = await import('@swc/core');
    const { code } = await transform(text, { ...swc, filename: path });
    // Others look at the same time, and see all of it or nothing.
    const written = `${file}.${process.pid}`;
    writeFileSync(written, code);
    renameSync(written, file);
  }
  return { format: 'module', source: readFileSync(file), shortCircuit: true };
}
