// Writes src/generated/api.ts, the types of what front ends call, from docs/openapi.json; CI fails when they differ.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import { format } from 'oxfmt';

const at = (path) => new URL(path, import.meta.url);

const document = JSON.parse(await readFile(at('../../docs/openapi.json'), 'utf8'));
const paths = Object.fromEntries(
  Object.entries(document.paths).filter(([path]) => path.startsWith('/api/user/external/')),
);

// What an answer looks like is told by its type.
for (const operation of Object.values(paths).flatMap(Object.values))
  for (const { content = {} } of Object.values(operation.responses))
    for (const answer of Object.values(content)) delete answer.example;

/** What is referred to, and what that refers to. */
function referredTo(part, found = new Set()) {
  for (const [, kind, name] of JSON.stringify(part).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
    const id = `${kind}/${name}`;
    if (found.has(id)) continue;
    found.add(id);
    referredTo(document.components[kind][name], found);
  }
  return found;
}

const components = {};
for (const id of [...referredTo(paths)].sort()) {
  const [kind, name] = id.split('/');
  (components[kind] ??= {})[name] = document.components[kind][name];
}

const HEAD = '// Made from docs/openapi.json by `npm run generate`; changes belong there.\n';
const tree = await openapiTS(
  { openapi: document.openapi, info: document.info, paths, components },
  { alphabetize: true, arrayLength: false, defaultNonNullable: false },
);
const file = at('src/generated/api.ts');
const options = JSON.parse(await readFile(at('../../.oxfmtrc.json'), 'utf8'));
const { code, errors } = await format('api.ts', HEAD + astToString(tree), options);
if (errors.length > 0) throw new Error(`the types cannot be formatted: ${errors[0].message}`);
await mkdir(at('src/generated/'), { recursive: true });
await writeFile(file, code);
