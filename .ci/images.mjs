// The images that Dockerfile and docker-compose.yml are made of. A tag says another image tomorrow, a digest never.
//
//   node .ci/images.mjs           lists them; fails where one is named by tag alone
//   node .ci/images.mjs --verify  asks the registries (docker buildx) for each digest: it is there, it is what it is called, and an
//                                 index with every platform
//   node .ci/images.mjs --pin     writes the digest of today behind each tag, in place of an older one too
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const PLATFORMS = ['linux/amd64', 'linux/arm64'];
const PINNED = /@(sha256:[0-9a-f]{64})$/;
const [mode] = process.argv.slice(2);

const sources = {
  Dockerfile: /^FROM (?:--\S+ )*(\S+)/gm,
  // Those that are built here are named by a version of ours.
  'docker-compose.yml': /^\s+image: (?:&\S+ )?(?:\$\{\w+:-)?((?!counterfoil:|\*)[^\s}]+)/gm,
};

const imagesIn = (file) => [
  ...new Set([...readFileSync(file, 'utf8').matchAll(sources[file])].map(([, image]) => image)),
];

const manifestOf = (image) =>
  execFileSync('docker', ['buildx', 'imagetools', 'inspect', '--raw', image], {
    maxBuffer: 16 * 1024 * 1024,
  });

const digestOf = (manifest) => `sha256:${createHash('sha256').update(manifest).digest('hex')}`;

/** Undefined where all is well. */
function faultOf(image) {
  const [, digest] = PINNED.exec(image) ?? [];
  if (digest === undefined) return 'is named by tag alone';
  if (mode !== '--verify') return undefined;
  const manifest = manifestOf(image);
  if (digestOf(manifest) !== digest) return `is answered with ${digestOf(manifest)}`;
  const { manifests = [] } = JSON.parse(manifest.toString('utf8'));
  const platforms = manifests.map(({ platform }) => `${platform?.os}/${platform?.architecture}`);
  const missing = PLATFORMS.filter((each) => !platforms.includes(each));
  return missing.length > 0 ? `has nothing for ${missing.join(', ')}` : undefined;
}

function pin(file, image) {
  const [tag] = image.split('@');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replaceAll(image, `${tag}@${digestOf(manifestOf(tag))}`));
}

for (const file of Object.keys(sources)) {
  if (mode === '--pin') for (const image of imagesIn(file)) pin(file, image);
  for (const image of imagesIn(file)) {
    const fault = faultOf(image);
    console.log(`${file}: ${image}${fault ? `  ${fault}` : ''}`);
    if (fault) process.exitCode = 1;
  }
}
