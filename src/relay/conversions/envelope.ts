import { OWN_SIGNATURE } from '../dialects/own-thoughts.js';

/** What a proof belongs to: a channel's key, and what only its holder can sign with. */
export interface Seal {
  /** 16 hex digits for a text, which nobody else can make. */
  readonly sign: (text: string) => string;
  readonly channelId: string;
  readonly keyId: string;
}

const PREFIX = `${OWN_SIGNATURE}t.`;
const PROOF = 16;
/** Proofs of providers are some kilobytes; more is none. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

const proofOf = ({ sign, channelId, keyId }: Seal, payload: string): string =>
  sign(`cf1 ${channelId} ${keyId} t ${payload}`).slice(0, PROOF);

/** A thought's signature as clients keep it: `cf1.t.<proof>.<what upstream signed>`, also where upstream signs nothing. */
export const sealed = (payload: string, seal: Seal): string =>
  `${PREFIX}${proofOf(seal, payload)}.${payload}`;

/** What upstream signed; undefined where it was not this channel's key that gave it, or nobody. */
export function unsealed(signature: string | undefined, seal: Seal): string | undefined {
  if (signature === undefined || signature.length > MOST_CHARACTERS || !signature.startsWith(PREFIX))
    return undefined;
  const payload = signature.slice(PREFIX.length + PROOF + 1);
  return sealed(payload, seal) === signature ? payload : undefined;
}
