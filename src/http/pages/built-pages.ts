import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** One file as it goes out, in each of the encodings that the build made of it, the best first. */
export interface BuiltFile {
  readonly type: string;
  readonly etag: string;
  readonly encodings: ReadonlyMap<Encoding, Buffer>;
}

type Encoding = 'br' | 'gzip' | 'identity';

export interface BuiltPages {
  /** The one page; which of its screens is shown is decided in it. */
  readonly page: BuiltFile;
  /** By path from the root. Their names change with what is in them. */
  readonly assets: ReadonlyMap<string, BuiltFile>;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const suffixes = { br: '.br', gzip: '.gz', identity: '' } as const satisfies Record<Encoding, string>;

/**
 * Reads what `npm run build` made of `web`. Undefined where it was not built.
 * @param folder dist/web
 */
export async function readBuiltPages(folder: string): Promise<BuiltPages | undefined> {
  const names = await readdir(join(folder, 'assets')).catch(() => undefined);
  if (!names) return undefined;
  const page = await readBuiltFile(folder, 'index.html');
  if (!page) return undefined;
  const files = await Promise.all(
    names.map(
      async (name) => [`/assets/${name}`, await readBuiltFile(join(folder, 'assets'), name)] as const,
    ),
  );
  return { page, assets: new Map(files.flatMap(([path, file]) => (file ? [[path, file] as const] : []))) };
}

/** Undefined for what is no file of its own: the compressed forms, and types that pages have no use for. */
async function readBuiltFile(folder: string, name: string): Promise<BuiltFile | undefined> {
  const type = types[extname(name)];
  if (type === undefined) return undefined;
  const encodings = new Map<Encoding, Buffer>();
  for (const encoding of ['br', 'gzip', 'identity'] as const) {
    const content = await readFile(join(folder, name + suffixes[encoding])).catch(() => undefined);
    if (content) encodings.set(encoding, content);
  }
  const plain = encodings.get('identity');
  if (!plain) return undefined;
  // Weak: the same text in each of its encodings.
  const etag = `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { type, etag, encodings };
}
