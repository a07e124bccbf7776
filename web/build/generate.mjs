// Writes src/generated: api.ts, the types of all that lies under /api, from docs/openapi.json; clients.ts, what Connect shows, from
// docs/clients.md. They are made by every build and are not kept.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import { clientTexts } from './clients.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

function keep(name, from, content) {
  const file = at(`../src/generated/${name}`);
  const text = `// Made from ${from} by \`npm run build\`; changes belong there.\n${content}`;
  mkdirSync(at('../src/generated'), { recursive: true });
  let before;
  try {
    before = readFileSync(file, 'utf8');
  } catch {
    before = undefined;
  }
  if (text !== before) writeFileSync(file, text);
}

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
  keep('api.ts', 'docs/openapi.json', astToString(tree));
  const texts = clientTexts(readFileSync(at('../../docs/clients.md'), 'utf8'));
  keep(
    'clients.ts',
    'docs/clients.md',
    `export const clientTexts = ${JSON.stringify(texts, null, 2)} as const;\n`,
  );
}

if (argv[1] === fileURLToPath(import.meta.url)) await generate();
