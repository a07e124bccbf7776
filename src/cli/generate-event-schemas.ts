import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { eventJsonSchemas } from '../domain/events/json-schemas.js';
import { installed } from '../support/installed.js';

/** Writes docs/events/<stored name>.json for every event and removes what no event stands behind any more. */
const directory = installed('docs/events/');
await mkdir(directory, { recursive: true });
const schemas = Object.entries(eventJsonSchemas());
const names = new Set(schemas.map(([type]) => `${type}.json`));
for (const name of await readdir(directory)) {
  if (!names.has(name)) await rm(directory + name);
}
for (const [type, schema] of schemas) {
  await writeFile(`${directory}${type}.json`, `${JSON.stringify(schema, null, 2)}\n`);
}
