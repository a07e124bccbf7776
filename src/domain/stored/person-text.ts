import { z } from 'zod';

/**
 * What people wrote: a name, a reason, a note. It is in events as `sealed:<account>:<box>`, under the key of the person whose account it is
 * about, so that it is gone when the key is; events of earlier versions have it as it was written. Long enough for a thousand characters
 * of any kind, sealed.
 */
export const personText = z.string().max(6_000);
export const givenPersonText = personText.min(1);

/** In the place of what is written about an account whose person was erased: it is not kept. */
export const ERASED_TEXT = '(erased)';

export interface SealedText {
  readonly accountId: string;
  readonly box: Buffer;
}

const FORM = /^sealed:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([\w-]+)$/;

/** Whether it may be one: cheap, for texts of which hardly any is. */
export const looksSealed = (value: unknown): value is string =>
  typeof value === 'string' && value.startsWith('sealed:');

export const formatSealedText = ({ accountId, box }: SealedText): string =>
  `sealed:${accountId}:${box.toString('base64url')}`;

/** Undefined for a text that was never sealed. */
export function parseSealedText(text: string): SealedText | undefined {
  const [, accountId, box] = FORM.exec(text) ?? [];
  return accountId && box ? { accountId, box: Buffer.from(box, 'base64url') } : undefined;
}
