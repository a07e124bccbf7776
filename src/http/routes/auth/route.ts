import type { BoundEndpoint } from '../../endpoint.js';
import { emailEndpoints } from './email.js';
import { factorEndpoints } from './factors.js';
import { identityEndpoints } from './identities.js';
import { handoverEndpoint } from './handover.js';
import { passkeyEndpoints } from './passkeys.js';
import { providerEndpoints } from './providers.js';
import { passwordEndpoints } from './password.js';
import { ownSessionEndpoints } from './sessions.js';
import { signInEndpoints } from './sign-in.js';

/** How the people of accounts sign in. */
export const authEndpoints: readonly BoundEndpoint[] = [
  ...signInEndpoints,
  ...factorEndpoints,
  ...passkeyEndpoints,
  ...providerEndpoints,
  ...identityEndpoints,
  handoverEndpoint,
  ...ownSessionEndpoints,
  ...passwordEndpoints,
  ...emailEndpoints,
];
