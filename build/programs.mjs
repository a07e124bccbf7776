// How the service becomes some dozens of files instead of a thousand: a process starts, and a command answers, in two thirds of the time.
// Packages stay in node_modules, and a command that never needs a part never loads it.

/** What is started, and what generates documents. */
const PROGRAMS = [
  'main',
  'cli/main',
  'cli/run-command',
  'cli/generate-configuration',
  'cli/generate-conversion',
  'cli/generate-event-schemas',
  'cli/generate-request-members',
  'http/openapi/generate',
];

/**
 * @param folder whose `src` it is
 * @param programs paths below `src`, without their extension
 * @returns what the bundler reads
 */
export const inputOf = (folder, programs = PROGRAMS) => ({
  cwd: folder,
  input: Object.fromEntries(programs.map((name) => [name, `src/${name}.ts`])),
  platform: 'node',
  external: /^[^./]/,
  resolve: { extensionAlias: { '.js': ['.ts'] } },
});

/** @returns what it writes, below a folder */
export const outputIn = (folder) => ({
  dir: folder,
  format: 'esm',
  sourcemap: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'parts/[name]-[hash].js',
});
