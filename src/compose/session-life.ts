import type { SessionLife } from '../commands/login/ports.js';
import { firstSessionTerms, type SessionTerms } from '../domain/setting/sessions.js';
import { settingsInForce } from '../domain/setting/settings.js';
import type { ReadModels } from '../projections/read-models.js';
import { memo } from '../support/memo.js';

/** A change holds within a second: every request asks. */
const KEPT_MS = 1_000;

/** How long sessions last, by the setting `sessions`. */
export const sessionLife = (
  readModels: Pick<ReadModels, 'settings'>,
  lifeOf: (terms: SessionTerms) => SessionLife,
): (() => Promise<SessionLife>) =>
  memo(async () => {
    const changed = await readModels.settings();
    return lifeOf(settingsInForce(changed, { sessions: firstSessionTerms }).sessions);
  }, KEPT_MS);
