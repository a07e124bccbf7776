import { writeFile } from 'node:fs/promises';
import { variables } from '../config-variables.js';

// Writes docs/configuration.md from the table that the service itself reads; CI fails when they differ.
const rows = Object.entries(variables).map(
  ([name, { fallback, description }]) =>
    `| \`${name}\` | ${fallback === null || fallback === '' ? '' : `\`${fallback}\``} | ${description.replaceAll('|', '\\|')} |`,
);

await writeFile(
  'docs/configuration.md',
  `# Configuration

Everything is optional. An empty variable counts as absent. Faults are printed all at once at start, without values.

| variable | default | meaning |
| --- | --- | --- |
${rows.join('\n')}
`,
);
