import { changeEndpoint } from './change.js';
import { issueEndpoint } from './issue.js';
import { resetEndpoint } from './reset.js';
import { revokeEndpoint } from './revoke.js';

export const tokenEndpoints = [issueEndpoint, changeEndpoint, revokeEndpoint, resetEndpoint];
