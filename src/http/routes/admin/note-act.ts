import { addressBlock } from '../../../support/address-block.js';
import { fullPath } from '../../areas.js';
import type { AdminContext } from '../../area-contexts.js';
import { type BoundEndpoint, signedIn } from '../../endpoint.js';

/** Keeps among the traces what changes nothing in the log, and was done to somebody all the same. */
export const noteAct = (context: AdminContext, toWhom: string, act: BoundEndpoint): Promise<void> =>
  context.admin.noteTrace({
    kind: 'acted',
    name: signedIn(context).name,
    addressBlock: addressBlock(context.address),
    reason: toWhom,
    route: `${act.method.toUpperCase()} ${fullPath(act)}`,
  });
