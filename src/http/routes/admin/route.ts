import type { BoundEndpoint } from '../../endpoint.js';
import { loginEndpoints } from './login/route.js';
import { operatorEndpoints } from './operators/route.js';
import { settingEndpoints } from './settings/route.js';

/** What operators do. */
export const adminEndpoints: readonly BoundEndpoint[] = [
  ...loginEndpoints,
  ...operatorEndpoints,
  ...settingEndpoints,
];
