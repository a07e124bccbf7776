import type { AdjustmentState } from '../../domain/adjustment/state.js';
import { ERASED_TEXT } from '../../domain/stored/person-text.js';
import { openedText } from '../../support/opened.js';
import type { PersonalDataVault } from '../../support/personal-data-vault.js';

/**
 * The reason as it is to be compared and stored: sealed. Where the correction was made already, and for the same reason as far as anybody can
 * still tell, it is the one that stands: an older one was not sealed, and that of an erased person cannot be read.
 */
export async function reasonAsStored(
  vault: PersonalDataVault,
  accountId: string,
  reason: string,
  done: AdjustmentState,
): Promise<string> {
  const sealed = await vault.sealText(accountId, reason);
  if (!done) return sealed;
  const isSame = sealed === ERASED_TEXT || (await openedText(vault.openTexts, done.reason)) === reason;
  return isSame ? done.reason : sealed;
}
