import { z } from 'zod';
import type { OwnKeyRow } from '../../../../projections/token/own-keys.js';
import { cursorData, cursorInput, cursorPage } from '../../../cursor.js';
import { endpoint, ownAccount } from '../../../endpoint.js';
import { minPosition, positionNotReached } from '../../../freshness.js';
import { presentKey } from './present.js';
import { exampleKey, keyData } from './schema.js';

export const listKeys = endpoint({
  method: 'get',
  area: 'user',
  path: '/keys',
  access: 'person',
  operationId: 'listKeys',
  summary: 'List your access keys',
  description:
    'The newest first, page by page. Those of the Playground end by themselves and are left out, and so are deleted ones.',
  input: z.object({ ...cursorInput, min_position: minPosition }),
  data: z.object({ keys: z.array(keyData), ...cursorData }),
  refusals: ['account_not_found'],
  failures: [positionNotReached],
  example: { data: { keys: [exampleKey], next_cursor: null, total: 1, total_capped: false } },
  handle: async (input, context) => {
    const { reads } = ownAccount(context);
    await reads.caughtUp(input.min_position);
    const [account, { rows, page }] = await Promise.all([
      reads.account(),
      cursorPage(
        input,
        ({ tokenId }: OwnKeyRow) => BigInt(tokenId),
        (some) => reads.keys(some),
        (most) => reads.countKeys(most),
      ),
    ]);
    return { data: { keys: rows.map((row) => presentKey(row, account, context.now)), ...page } };
  },
});
