import type { OwnFactors, OwnPasskeys } from './factors.js';
import type { HandingOver } from './handing-over.js';
import type { ByProvider, OwnIdentities } from './identities.js';
import type { Inviting } from './inviting.js';
import type { Languages } from './languages.js';
import type { Registering } from './registering.js';
import type { SigningIn } from './signing-in.js';

/** What the people of accounts can do about their own sign-in, and operators for them. */
export interface People
  extends
    SigningIn,
    ByProvider,
    OwnIdentities,
    OwnFactors,
    OwnPasskeys,
    Registering,
    HandingOver,
    Inviting,
    Languages {}
