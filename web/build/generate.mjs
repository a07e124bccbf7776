// Writes src/generated/api.ts, the types of all that lies under /api, from docs/openapi.json. It is made by every build and is not kept.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const FILE = at('../src/generated/api.ts');

export async function generate() {
  const document = JSON.parse(readFileSync(at('../../docs/openapi.json'), 'utf8'));
  const paths = Object.fromEntries(
    Object.entries(document.paths).filter(([path]) => path.startsWith('/api/')),
  );
  // What an answer looks like is told by its type.
  for (const operation of Object.values(paths).flatMap(Object.values))
    for (const { content = {} } of Object.values(operation.responses ?? {}))
      for (const answer of Object.values(content)) delete answer.example;
  const tree = await openapiTS({ ...document, paths }, { arrayLength: false, defaultNonNullable: false });
  const text = `// Made from docs/openapi.json by \`npm run build\`; changes belong there.\n${astToString(tree)}`;
  mkdirSync(at('../src/generated'), { recursive: true });
  let before;
  try {
    before = readFileSync(FILE, 'utf8');
  } catch {
    before = undefined;
  }
  if (text !== before) writeFileSync(FILE, text);
}

if (argv[1] === fileURLToPath(import.meta.url)) await generate();
