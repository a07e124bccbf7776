import type { MailTokenKind } from '../../commands/login/ports.js';
import type { Keyring } from '../../support/keyring.js';

const SECRET_BYTES = 32;
const LONGEST = 100;

/** What a link is for: one of a kind opens nothing of another. */
type LinkKind =
  | MailTokenKind
  | 'handover'
  | 'second-step'
  | 'passkey'
  | 'passkey-add'
  | 'provider'
  | 'newcomer';

interface Parts {
  readonly ledger: { readonly keyring: Pick<Keyring, 'hashSecret'> };
}

/** A secret of 256 bits for a link, and what it is found by. In a link it stands behind `#`, which no server is sent and no log has. */
export function newLink(
  { ledger, randomBytes }: Parts & { readonly randomBytes: (count: number) => Uint8Array },
  kind: LinkKind,
): { readonly secret: string; readonly secretHash: string } {
  const secret = Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url');
  return { secret, secretHash: hashOfLink({ ledger }, kind, secret) };
}

/** What the secret of a link is found by. */
export const hashOfLink = ({ ledger }: Parts, kind: LinkKind, secret: string): string =>
  ledger.keyring.hashSecret(`link ${kind}`, secret.slice(0, LONGEST));
