import type { UsageBeside } from '../../../metering/usage-beside.js';
import { type JsonObject, listAt, objectAt, optionalCountAt } from '../../json/read.js';
import { tokenUsage } from './token-usage.js';

/** More are no iterations of one call. */
const MOST = 200;

/**
 * What a usage tells in `iterations` and leaves out of its own counts: the summary that made room for the call (`compaction`), another
 * model's advice (`advisor_message`). Those of type `message` are what the counts at the top are of. An upstream whose counts at the
 * top are the sum of all of them has left out none.
 */
export function iterationsBeside(usage: JsonObject): readonly UsageBeside[] {
  const iterations = listAt(usage['iterations'])
    .slice(0, MOST)
    .map((value) => objectAt(value))
    .filter((iteration) => iteration !== undefined);
  const beside = iterations.filter(({ type }) => type !== 'message');
  if (beside.length === 0 || isSumOf(usage, iterations)) return [];
  return beside.map((iteration) => ({ model: modelOf(iteration), usage: tokenUsage(iteration) }));
}

const isSumOf = (usage: JsonObject, iterations: readonly JsonObject[]): boolean =>
  (['input_tokens', 'output_tokens'] as const).every((name) => {
    const sum = iterations.reduce((total, iteration) => total + optionalCountAt(iteration[name]), 0);
    return optionalCountAt(usage[name]) === sum;
  });

const modelOf = ({ model }: JsonObject): string | undefined =>
  typeof model === 'string' && model !== '' && model.length <= 200 ? model : undefined;
