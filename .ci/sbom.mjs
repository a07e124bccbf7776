// Writes the bill of materials (CycloneDX) of what a production install has to stdout, from the lock file.
// `npm sbom --omit dev` is not used: it leaves out packages that tools of development need too (npm 11.19).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const options = ['--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
const { name } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const bill = JSON.parse(
  execFileSync('npm', ['sbom', ...options], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }),
);

const isOfDevelopment = ({ properties }) =>
  properties.some((each) => each.name === 'cdx:npm:package:development');
const components = bill.components.filter((component) => !isOfDevelopment(component));
const kept = new Set([
  bill.metadata.component['bom-ref'],
  ...components.map((component) => component['bom-ref']),
]);
const dependencies = bill.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) }));
// npm names the root after its folder.
const metadata = { ...bill.metadata, component: { ...bill.metadata.component, name } };
process.stdout.write(`${JSON.stringify({ ...bill, metadata, components, dependencies }, undefined, 2)}\n`);
