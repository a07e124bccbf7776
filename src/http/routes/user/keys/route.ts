import type { BoundEndpoint } from '../../../endpoint.js';
import { changeKey, deleteKey, resetKey } from './change.js';
import { issueEphemeralKey, issueKey } from './issue.js';
import { listKeys } from './list.js';

/** A person's own access keys. */
export const keyEndpoints: readonly BoundEndpoint[] = [
  listKeys,
  issueKey,
  issueEphemeralKey,
  changeKey,
  deleteKey,
  resetKey,
];
