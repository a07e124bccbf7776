import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

// What a browser loads before a page is there, compressed by gzip, by the manifest of the build.

interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
  readonly isEntry?: boolean;
}

const at = (name: string) => fileURLToPath(new URL(`../../dist/web/${name}`, import.meta.url));
const manifest = JSON.parse(readFileSync(at('.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;
const entry = Object.keys(manifest).find((name) => manifest[name]?.isEntry) as string;
const kilobytes = (files: Iterable<string>) =>
  [...files].reduce((total, file) => total + readFileSync(at(`${file}.gz`)).length, 0) / 1024;

/** A module of the build with all that it imports before it runs. */
function loaded(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const imported of manifest[name]?.imports ?? []) loaded(imported, found);
  return found;
}

/** Scripts of the page of a module: what every page loads, its frame, and its own. */
const scriptsOf = (...modules: readonly string[]): Set<string> =>
  new Set(
    [entry, ...modules].flatMap((name) => [...loaded(name)].map((each) => (manifest[each] as Chunk).file)),
  );

const pagesOf = (folder: string) =>
  Object.keys(manifest).filter((name) => name.startsWith(`src/${folder}/`) && name.endsWith('-page.tsx'));

describe('what a browser loads', () => {
  it('styles: 12 KB', () => {
    const styles = new Set(Object.values(manifest).flatMap(({ css = [] }) => css));
    expect(kilobytes(styles)).toBeLessThanOrEqual(12);
  });

  it.each(Object.keys(manifest).filter((name) => name.endsWith('sign-in-page.tsx')))(
    '%s: 130 KB to sign in',
    (page) => expect(kilobytes(scriptsOf(page))).toBeLessThanOrEqual(130),
  );

  it.each(pagesOf('portal'))('%s: 210 KB', (page) =>
    expect(kilobytes(scriptsOf('src/portal/portal-shell.tsx', page))).toBeLessThanOrEqual(210),
  );

  it.each(pagesOf('admin'))('%s: 240 KB', (page) =>
    expect(kilobytes(scriptsOf('src/admin/admin-shell.tsx', page))).toBeLessThanOrEqual(240),
  );

  it.each([...pagesOf('portal'), ...pagesOf('admin')])('%s: 40 KB of its own', (page) =>
    expect(kilobytes([(manifest[page] as Chunk).file])).toBeLessThanOrEqual(40),
  );
});

describe('a second build', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const build = () => execFileSync(process.execPath, ['web/build/build.mjs'], { cwd: root });
  const made = () =>
    readdirSync(at(''), { recursive: true, encoding: 'utf8' })
      .map((name) => [name, statSync(at(name)).mtimeMs] as const)
      .toSorted(([one], [other]) => one.localeCompare(other));

  it('of the same files makes nothing', () => {
    build();
    const before = made();
    build();
    expect(made()).toEqual(before);
  });

  it('of others would: each file counts by its name and by what is in it, but not what a build put there', async () => {
    const { digestOf } = (await import(new URL('../../build/made-of.mjs', import.meta.url).href)) as {
      readonly digestOf: (from: string, paths: readonly string[]) => string;
    };
    const folder = mkdtempSync(join(tmpdir(), 'counterfoil-made-of-'));
    const digest = () => digestOf(folder, ['web']);
    mkdirSync(join(folder, 'web/generated'), { recursive: true });
    writeFileSync(join(folder, 'web/one.ts'), 'one');
    const first = digest();
    writeFileSync(join(folder, 'web/generated/api.ts'), 'made');
    expect(digest()).toBe(first);
    writeFileSync(join(folder, 'web/one.ts'), 'other');
    const other = digest();
    expect(other).not.toBe(first);
    renameSync(join(folder, 'web/one.ts'), join(folder, 'web/two.ts'));
    expect(digest()).not.toBe(other);
    rmSync(folder, { recursive: true });
  });
});
