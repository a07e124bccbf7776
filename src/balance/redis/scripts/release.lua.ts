import { assertEpoch, claims, names, records, resolving } from './parts.lua.js';

/** Drops holds of calls that cost nothing. ARGV: epoch, deadline, hold id… */
export const release = (prefix: string): string => `
${names(prefix)}${assertEpoch}${records}${claims}${resolving}
resolve_every(ARGV, 3)
return {'ok'}
`;
