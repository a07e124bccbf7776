import { apply } from './apply.lua.js';
import { beginEpoch } from './begin-epoch.lua.js';
import { checkGuards, raiseGuards } from './guards.lua.js';
import { hold } from './hold.lua.js';
import { closeLease, isLeased, spare, takeLease } from './leases.lua.js';
import { load } from './load.lua.js';
import { applied, expired, view } from './reading.lua.js';
import { register } from './register.lua.js';
import { release } from './release.lua.js';
import { renew } from './renew.lua.js';
import { farthestSeen, noteSeen } from './seen.lua.js';
import { settle } from './settle.lua.js';

/** Every script of the cached balance, as a function of the key prefix. */
export const scripts = {
  beginEpoch,
  hold,
  load,
  settle,
  release,
  renew,
  register,
  apply,
  raiseGuards,
  checkGuards,
  applied,
  noteSeen,
  farthestSeen,
  expired,
  view,
  takeLease,
  closeLease,
  isLeased,
  spare,
};

export type ScriptName = keyof typeof scripts;
