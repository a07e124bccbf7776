// How the service and the packages it stands on become some dozens of files instead of thousands: a process starts, and a command answers,
// in half the time. A command that never needs a part never loads it.
import { isBuiltin } from 'node:module';

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
 * Packages that stay in node_modules: files of theirs are found by their place, or they are large and wanted late or by few. What is only
 * there where somebody installed it stays, too.
 */
const APART = /^(@eventstore\/db-client|gpt-tokenizer|swagger-ui-dist|pg-native)(\/|$)/;

/**
 * @param folder whose `src` it is
 * @param programs paths below `src`, without their extension
 * @param packages whether they are taken in, or all stay `apart` in node_modules: that is built sooner, and started later
 * @returns what the bundler reads
 */
export const inputOf = (folder, programs = PROGRAMS, packages = 'in') => ({
  cwd: folder,
  input: Object.fromEntries(programs.map((name) => [name, `src/${name}.ts`])),
  platform: 'node',
  external: packages === 'in' ? (id) => isBuiltin(id) || APART.test(id) : /^[^./]/,
  resolve: { extensionAlias: { '.js': ['.ts'] } },
  // One of the packages of Koa asks in this way whether the engine is of before 2012.
  checks: { eval: false },
});

/** @returns what it writes, below a folder */
export const outputIn = (folder) => ({
  dir: folder,
  format: 'esm',
  sourcemap: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'parts/[name]-[hash].js',
});
