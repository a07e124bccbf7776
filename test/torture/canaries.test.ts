import { expect, it } from '@jest/globals';
import { mutations } from './build/mutations.js';
import { runTorture } from './support/run-torture.js';

it('every canary is caught, by an invariant that it was made to break', async () => {
  const { code, report, output } = await runTorture<
    readonly { readonly canary: string; readonly caught: boolean }[]
  >(['--canaries', '--seed', 'canaries']);

  if (code !== 0) throw new Error(`it ended with ${code}:\n${output.slice(-8_000)}`);
  expect(report?.map(({ canary }) => canary).sort()).toEqual(mutations.map(({ name }) => name).sort());
  expect(report?.filter(({ caught }) => !caught)).toEqual([]);
}, 900_000);
