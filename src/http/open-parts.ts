import { settingsInForce } from '../domain/setting/settings.js';
import { firstPortalTerms } from '../domain/setting/portal.js';
import { memo } from '../support/memo.js';
import type { ApiParts, OpenParts } from './area-contexts.js';

/** Open answers are at most so old. */
const OPEN_MS = 1_000;

type Parts = Pick<ApiParts, 'readModels' | 'people'> &
  Pick<OpenParts, 'isWell'> &
  Partial<Pick<OpenParts, 'outbox'>>;

/** What anybody may ask for, looked up once for all who ask within a second. */
export const openParts = ({ readModels, people, isWell, outbox }: Parts): OpenParts => ({
  catalogue: memo(() => readModels.catalogue(), OPEN_MS),
  isWell: memo(isWell, OPEN_MS),
  closed: memo(() => people.closed(), OPEN_MS),
  portal: memo(async () => {
    const changed = await readModels.settings();
    return settingsInForce(changed, { portal: firstPortalTerms }).portal;
  }, OPEN_MS),
  outbox,
});
