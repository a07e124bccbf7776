import { join } from 'node:path';
import { cruise, format, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { type Circle, circlesOf } from './circles.js';

const project = join(import.meta.dirname, '../..');

export interface Boundaries {
  /** Names of the rules that are broken, one for each import that breaks one. */
  readonly broken: readonly string[];
  readonly circles: readonly Circle[];
  /** What the tool says of the rules, for people. */
  readonly report: string;
}

/** Looks at every import of `<base>/src`: the rules of `.dependency-cruiser.cjs`, and circles between rooms. */
export async function checkBoundaries(base: string): Promise<Boundaries> {
  const options = await extractDepcruiseOptions(join(project, '.dependency-cruiser.cjs'));
  const tsConfig = extractTSConfig(join(project, 'tsconfig.json'));
  const { output } = await cruise(['src'], { ...options, baseDir: base }, undefined, { tsConfig });
  if (typeof output === 'string') throw new Error('a result was asked for, not a text');
  const { output: report } = await format(output, { outputType: 'err' });
  if (typeof report !== 'string') throw new Error('a text was asked for');
  return {
    broken: output.summary.violations.map(({ rule }) => rule.name),
    circles: circlesOf(importsOf(output)),
    report,
  };
}

const importsOf = ({ modules }: ICruiseResult) =>
  modules.flatMap(({ source, dependencies }) =>
    dependencies
      .map(({ resolved }) => ({ from: source, to: resolved }))
      .filter(({ from, to }) => from.startsWith('src/') && to.startsWith('src/')),
  );
