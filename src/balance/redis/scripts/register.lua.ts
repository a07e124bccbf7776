import { assertEpoch, claims, names, records, resolving } from './parts.lua.js';

/** Has holds of ARGV claim at their full amounts, whatever is available. */
export const registering = `
local function contains(budget, position)
  if position == '' then return false end
  local row = redis.call('HMGET', BUDGET .. budget, 'epoch', 'position')
  return row[1] == EPOCH and tonumber(row[2]) >= tonumber(position)
end

local function register_from(first, expires_at)
  local i = first
  while i <= #ARGV do
    local id, granted, delivered, charge, position = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
    local count = tonumber(ARGV[i + 6])
    local hold, claiming = {granted, delivered, charge, position, ARGV[i + 5]}, false
    local unknown = redis.call('EXISTS', HOLD .. id) == 0
    for j = 1, count do
      local budget = ARGV[i + 6 + j]
      hold[5 + j] = budget
      if unknown and not contains(budget, position) then
        place_claim(budget, id, charge == '' and granted or charge, position)
        claiming = true
      end
    end
    if claiming then
      redis.call('SET', HOLD .. id, cmsgpack.pack(hold))
      redis.call('ZADD', LEASES, expires_at, id)
    elseif unknown then
      resolve(id)
    end
    i = i + 7 + count
  end
end
`;

/**
 * Owners put their open holds back after a loss, at their full amounts, whatever is available. Known and resolved ids are left
 * alone; a settled hold does not claim of a budget that already contains its charge.
 *
 * ARGV: epoch, deadline, lease ms, (hold id, granted, delivered, charge, position, context, number of budgets, budgets…)…
 */
export const register = (prefix: string): string => `
${names(prefix)}${assertEpoch}${records}${claims}${resolving}${registering}
register_from(4, fmt(now_ms() + tonumber(ARGV[3])))
return {'ok'}
`;
