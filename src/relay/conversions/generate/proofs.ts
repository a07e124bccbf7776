import type { Part } from '../canonical.js';
import { OWN_PROOF } from '../../dialects/gemini/generate/own-thoughts.js';

/** Proofs are bytes at Google, and its libraries take nothing else. */
export const writeProof = (sealed: string): string => Buffer.from(sealed).toString('base64');

/** The proof as it was sealed; one that came from elsewhere as it is. */
export const readProof = (proof: string): string =>
  proof.startsWith(OWN_PROOF) ? Buffer.from(proof, 'base64').toString('utf8') : proof;

/** Puts a proof, which Google has in the part that it is of, before that: into the thought that stands there, or into one without a text. */
export function prove(parts: Part[], signature: string): void {
  const last = parts.at(-1);
  if (last?.kind === 'thought' && last.signature === undefined)
    parts[parts.length - 1] = { ...last, signature };
  else parts.push({ kind: 'thought', text: '', signature });
}
