import { assertEpoch, guarding, names } from './parts.lua.js';

/** Raises guards, never lowers one; also those of keys that are not cached yet. ARGV: epoch, deadline, (key, revision)… */
export const raiseGuards = (prefix: string): string => `
${names(prefix)}${assertEpoch}${guarding}
for i = 3, #ARGV, 2 do
  local key = BUDGET .. ARGV[i]
  local is_new = redis.call('EXISTS', key) == 0
  outdated_by(ARGV[i], ARGV[i + 1], redis.call('HGET', key, 'revision'))
  if is_new then redis.call('PEXPIRE', key, IDLE_MS) end
end
return {'ok'}
`;

/**
 * ARGV: epoch, deadline, (key, revision)…
 * Answers {'ok'}, {'recovering', ms}, {'missing', key…} or {'stale', key, revision}.
 */
export const checkGuards = (prefix: string): string => `
${names(prefix)}${guarding}
local state = redis.call('HMGET', META, 'id', 'ready_at')
if state[1] ~= EPOCH then return {'lost'} end
local wait = tonumber(state[2]) - now_ms()
if wait > 0 then return {'recovering', fmt(wait)} end
local missing, revisions = {'missing'}, {}
for i = 3, #ARGV, 2 do
  local row = redis.call('HMGET', BUDGET .. ARGV[i], 'epoch', 'revision')
  if row[1] ~= EPOCH and revisions[ARGV[i]] == nil then missing[#missing + 1] = ARGV[i] end
  revisions[ARGV[i]] = row[2]
end
if #missing > 1 then return missing end
for i = 3, #ARGV, 2 do
  local newer = outdated_by(ARGV[i], ARGV[i + 1], revisions[ARGV[i]])
  if newer then return {'stale', ARGV[i], newer} end
  revisions[ARGV[i]] = ARGV[i + 1]
end
return {'ok'}
`;
