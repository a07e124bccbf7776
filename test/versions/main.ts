// `npm run test:versions [-- --quick]`: the unit suite on each version of Node that is served, installed from npm into a folder of its own.
// `--quick`: of it what takes a few seconds, on those of other majors than this process has, which the whole suite is for.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** Named to the letter, so that what passes today passes tomorrow. */
const VERSIONS = ['20.19.0', '22.12.0', '24.21.0'];

/** Of the unit suite; 300 tests in six seconds of processor. Together they use most of what Node has built in. */
const QUICK = 'test/(commands/(token|payment|account)|domain/money|relay/dialects/sse|support)/';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const majorOf = (version: string) => version.split('.', 1)[0];
const asked = VERSIONS.filter(
  (version) => !values.quick || majorOf(version) !== majorOf(process.versions.node),
);

const root = fileURLToPath(new URL('../..', import.meta.url));

function run(command: string, args: readonly string[], env = process.env): boolean {
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: 'inherit' });
  if (error) console.error(error.message);
  return status === 0;
}

/** The folder of its program; undefined where npm cannot install it. */
function install(version: string): string | undefined {
  const folder = join(root, 'node_modules/.cache/node', version);
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  return run('npm', [...args, `node@${version}`]) ? join(folder, 'node_modules/node/bin') : undefined;
}

function passes(version: string): boolean {
  console.log(`\nNode ${version}`);
  const folder = install(version);
  if (folder === undefined) return false;
  const env = {
    ...process.env,
    PATH: [folder, process.env.PATH].join(delimiter),
    NODE_OPTIONS: '--experimental-vm-modules',
    NODE_NO_WARNINGS: '1',
  };
  const suites = values.quick ? ['--runInBand', '--testPathPatterns', QUICK] : [];
  return run(
    join(folder, 'node'),
    ['node_modules/jest/bin/jest.js', '--ci', '--selectProjects=unit', ...suites],
    env,
  );
}

const failed = asked.filter((version) => !passes(version));
if (failed.length > 0) console.error(`The unit suite does not pass on Node ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
