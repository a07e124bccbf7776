import { assertEpoch, claims, names, projecting, records, resolving } from './parts.lua.js';

/**
 * The projector's step: newer balances, and the holds that they settle dropped, at once. A budget that is not cached only keeps
 * the position, so that a snapshot read before cannot bring the older balance back.
 *
 * ARGV: epoch, deadline, batch position, its last event or '', number of balances, (budget, balance, position)…, resolved hold id…
 */
export const apply = (prefix: string): string => `
${names(prefix)}${assertEpoch}${records}${claims}${resolving}${projecting}
local applied = redis.call('HGET', META, 'applied')
if not applied or tonumber(applied) < tonumber(ARGV[3]) then
  redis.call('HSET', META, 'applied', ARGV[3])
  if ARGV[4] ~= '' then redis.call('HSET', META, 'last', ARGV[4]) end
end

local first_resolved = 6 + 3 * tonumber(ARGV[5])
resolve_every(ARGV, first_resolved)
for i = 6, first_resolved - 1, 3 do
  local budget, balance, position = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local key = BUDGET .. budget
  local row = redis.call('HMGET', key, 'epoch', 'position', 'floor', 'held')
  if row[1] == EPOCH then
    if tonumber(position) > tonumber(row[2]) then project(budget, balance, position) end
  else
    if not row[3] or tonumber(row[3]) < tonumber(position) then redis.call('HSET', key, 'floor', position) end
    if tonumber(row[4] or 0) == 0 then redis.call('PEXPIRE', key, FLOOR_MS) end
  end
end
return {'ok'}
`;
