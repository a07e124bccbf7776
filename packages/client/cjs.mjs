// The package says that its files are ES modules; those of dist/cjs say for themselves that they are not.
import { writeFile } from 'node:fs/promises';

await writeFile(new URL('dist/cjs/package.json', import.meta.url), '{ "type": "commonjs" }\n');
