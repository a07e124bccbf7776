import { assertEpoch, names } from './parts.lua.js';

/** Keeps how far any process has seen the log. ARGV: epoch, deadline, position, the last event there or ''. */
export const noteSeen = (prefix: string): string => `
${names(prefix)}${assertEpoch}
local seen = redis.call('HGET', META, 'seen')
if not seen or tonumber(seen) < tonumber(ARGV[3]) then
  redis.call('HSET', META, 'seen', ARGV[3], 'seen_last', ARGV[4])
end
return {'ok'}
`;

/** {'ok', position, its event}, shorter where there is none. ARGV: epoch, deadline. */
export const farthestSeen = (prefix: string): string => `
${names(prefix)}${assertEpoch}
local seen = redis.call('HMGET', META, 'seen', 'seen_last')
if not seen[1] then return {'ok'} end
if seen[2] == '' then return {'ok', seen[1]} end
return {'ok', seen[1], seen[2]}
`;
