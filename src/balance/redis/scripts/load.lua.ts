import { assertEpoch, claims, names, projecting, records, resolving } from './parts.lua.js';

/**
 * Fills in budgets that are missing. While the epoch is young nothing is taken: the snapshot may have been read before the loss,
 * and miss what the lost cache had been told of. A snapshot that was stuck on its way is refused for the same reason.
 *
 * ARGV: epoch, deadline, (budget, balance, position, revision)…
 */
export const load = (prefix: string): string => `
${names(prefix)}${assertEpoch}${records}${claims}${resolving}${projecting}
local now = now_ms()
if now > tonumber(DEADLINE) then return {'late', fmt(now)} end
if now < tonumber(redis.call('HGET', META, 'ready_at')) then return {'ok'} end
for i = 3, #ARGV, 4 do
  local budget, balance, position, revision = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local key = BUDGET .. budget
  local row = redis.call('HMGET', key, 'epoch', 'position', 'floor', 'revision')
  if not row[4] or tonumber(row[4]) < tonumber(revision) then redis.call('HSET', key, 'revision', revision) end
  if row[1] == EPOCH then
    if tonumber(position) > tonumber(row[2]) then project(budget, balance, position) end
  elseif not row[3] or tonumber(row[3]) <= tonumber(position) then
    redis.call('HSET', key, 'epoch', EPOCH)
    redis.call('HDEL', key, 'floor')
    project(budget, balance, position)
    if tonumber(redis.call('HGET', key, 'held') or 0) == 0 then redis.call('PEXPIRE', key, IDLE_MS) end
  end
end
return {'ok'}
`;
