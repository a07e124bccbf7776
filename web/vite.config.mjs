import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)];

/** A classic script in the head, ahead of everything: it runs before the first paint. Named by what is in it, as all files are. */
const firstPaint = {
  name: 'first-paint',
  generateBundle() {
    const source = readFileSync(new URL('first-paint.js', import.meta.url), 'utf8');
    this.emitFile({ type: 'asset', name: 'first-paint.js', source });
  },
  transformIndexHtml: {
    order: 'post',
    handler(_page, { bundle = {} }) {
      const script = Object.values(bundle).find(({ names = [] }) => names.includes('first-paint.js'));
      return script
        ? [{ tag: 'script', attrs: { src: `/${script.fileName}` }, injectTo: 'head-prepend' }]
        : [];
    },
  },
};

/** Brotli and gzip beside each file, made once: the service only hands out. */
const compressed = {
  name: 'compressed',
  apply: 'build',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    async handler(_options, bundle) {
      const files = Object.values(bundle).filter(({ fileName }) => /\.(js|css|html|svg)$/.test(fileName));
      await Promise.all(
        files.map(async ({ fileName, type, code, source }) => {
          const plain = Buffer.from(type === 'chunk' ? code : source);
          const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
          const [br, gz] = await Promise.all([brotli(plain, { params }), zip(plain, { level: 9 })]);
          this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: br });
          this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gz });
        }),
      );
    },
  },
};

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  plugins: [react(), firstPaint, compressed],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    manifest: true,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // No file is written into another: the policy of the pages names no data: scripts or styles.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      checks: { pluginTimings: false },
      // The first file that is loaded names all others: words in their names are for nobody, and the manifest says what each is.
      output: { chunkFileNames: 'assets/[hash].js' },
    },
  },
  server: {
    proxy: Object.fromEntries(['/api', '/v1'].map((path) => [path, 'http://127.0.0.1:3000'])),
  },
});
