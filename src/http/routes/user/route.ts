import type { BoundEndpoint } from '../../endpoint.js';
import { registerEndpoints } from './register/route.js';

/** What the people of accounts do, each with their own. */
export const accountEndpoints: readonly BoundEndpoint[] = [...registerEndpoints];
