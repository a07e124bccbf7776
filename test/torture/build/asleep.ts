import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'rolldown';
import { mutate, type Mutation } from './mutations.js';

/** What is at fault in a process from its start on. */
export const AWAKE = 'TORTURE_CANARY';

type Switch = (name: string | undefined) => void;
type Switches = { readonly canaries?: ReadonlySet<Switch> };

const EXPORTED = /^export (?:abstract |async )?(?:const|class|function\*?) (\w+)/gmu;
const EXPORTED_OTHERWISE = /^export (?:\{|\*|default|let|enum)/mu;

/**
 * Has each of the mutations beside the file as it is written, all of them asleep: a build for each would be made, and loaded, twenty times
 * over. Who imports the file gets what is awake at that moment.
 */
export function asleep(source: string, mutations: readonly Mutation[]): Plugin {
  const inFile = (path: string) => mutations.filter(({ file }) => join(source, file) === path);
  return {
    name: 'canaries',
    resolveId: (id) => (id.includes('?as=') ? id : null),
    load: async (id) => {
      const [file = '', name] = id.split('?as=');
      const here = inFile(file);
      if (here.length === 0) return null;
      const text = await readFile(file, 'utf8');
      if (name === undefined) return { code: switchOf(file, text, here), moduleType: 'js' };
      const mutation = here.find((each) => each.name === name);
      return { code: mutation ? mutate(text, mutation) : text, moduleType: 'ts' };
    },
  };
}

function switchOf(file: string, text: string, mutations: readonly Mutation[]): string {
  if (EXPORTED_OTHERWISE.test(text))
    throw new Error(
      `${file} exports in a way of which a canary cannot take the place yet; say how in ${import.meta.filename}`,
    );
  const names = [...text.matchAll(EXPORTED)].map(([, name]) => name);
  const from = (as: string): string => JSON.stringify(`${file}?as=${as}`);
  return [
    `import * as written from ${from('written')};`,
    ...mutations.map(({ name }, index) => `import * as broken${index} from ${from(name)};`),
    `const broken = { ${mutations.map(({ name }, index) => `'${name}': broken${index}`).join(', ')} };`,
    ...names.map((name) => `export let ${name};`),
    'const take = (name) => {',
    '  const from = broken[name] ?? written;',
    ...names.map((name) => `  ${name} = from.${name};`),
    '};',
    `take(process.env.${AWAKE});`,
    '(globalThis.canaries ??= new Set()).add(take);',
  ].join('\n');
}

/** In this process, which loads modules of such a build, this one is at fault from now on; undefined: none is. */
export function wake(name: string | undefined): void {
  // Of what is loaded later.
  if (name === undefined) delete process.env[AWAKE];
  else process.env[AWAKE] = name;
  for (const take of (globalThis as Switches).canaries ?? []) take(name);
}
