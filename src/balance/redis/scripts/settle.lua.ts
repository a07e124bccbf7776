import { assertEpoch, claims, names, records, resolving } from './parts.lua.js';

/** Has a hold claim exactly its charge, until a balance contains it. */
export const settling = `
local function settle_claim(budget, id, charge, position)
  local key = BUDGET .. budget
  local row = redis.call('HMGET', key, 'h:' .. id, 'epoch', 'position')
  if not row[1] then return false end
  if row[2] == EPOCH and tonumber(row[3]) >= tonumber(position) then
    drop_claim(budget, id)
    return false
  end
  local amount, settled_before = parse_claim(row[1])
  redis.call('HSET', key, 'h:' .. id, charge .. '@' .. position)
  redis.call('HINCRBY', key, 'held', fmt(tonumber(charge) - tonumber(amount)))
  if settled_before == '' then redis.call('HINCRBY', key, 'settled', 1) end
  return true
end

local function settle(id, hold, charge, position)
  local claiming = false
  for j = 6, #hold do
    if settle_claim(hold[j], id, charge, position) then claiming = true end
  end
  hold[3], hold[4] = charge, position
  if claiming then redis.call('SET', HOLD .. id, cmsgpack.pack(hold)) else resolve(id) end
end
`;

/**
 * Charges are durable: their holds claim exactly the charge, until a balance contains it. Unknown holds are left alone.
 *
 * ARGV: epoch, deadline, (hold id, charge, position)…
 */
export const settle = (prefix: string): string => `
${names(prefix)}${assertEpoch}${records}${claims}${resolving}${settling}
for i = 3, #ARGV, 3 do
  local id, charge, position = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local hold = read_hold(id)
  if hold then settle(id, hold, charge, position) end
end
return {'ok'}
`;
