import { LEASE_SHARE, SPARED_MS } from '../../hold-leasing.js';
import { placing, SHARED, WRITE } from './hold.lua.js';
import { assertEpoch, claims, names, records, resolving } from './parts.lua.js';
import { registering } from './register.lua.js';
import { settling } from './settle.lua.js';

const leased = (prefix: string): string => `
local LEASED = '${prefix}:leased'
`;

/**
 * Takes one lease: as `hold` places one hold, of a share of what is available at most, and notes the guards that it was taken under.
 *
 * ARGV: epoch, deadline, hold id, amount, least, lease ms, context, number of budgets, budgets…, (guard key, revision)…
 * Answers {'late', server time} or {'ok', answer as of `hold`}.
 */
export const takeLease = (prefix: string): string => `
${names(prefix)}${leased(prefix)}
${SHARED}

${placing(`math.floor(available / ${LEASE_SHARE})`)}

local spared
for i = 9, 8 + tonumber(ARGV[8]) do
  local until_ms = redis.call('HGET', BUDGET .. ARGV[i], 'spared_until')
  if until_ms and tonumber(until_ms) > now then spared = ARGV[i] end
end
local answer = spared and unless_known(ARGV[3], {'insufficient', spared, '0'}) or place(3, #ARGV)
${WRITE}
-- Only one that is new: what is known may be closed by now.
if #leases > 0 then
  local guards = {}
  for i = 9 + tonumber(ARGV[8]), #ARGV do guards[#guards + 1] = ARGV[i] end
  redis.call('HSET', LEASED, ARGV[3], cmsgpack.pack(guards))
end
return {'ok', answer}
`;

/**
 * Closes a lease: its calls are holds of their own from here on, and it claims what calls in it were charged, or nothing.
 *
 * ARGV: epoch, deadline, lease ms, hold id, charge or '', position or '', (hold as in register)…
 * Answers {'closed'} or {'unknown'}.
 */
export const closeLease = (prefix: string): string => `
${names(prefix)}${leased(prefix)}${assertEpoch}${records}${claims}${resolving}${registering}${settling}
local id, charge, position = ARGV[4], ARGV[5], ARGV[6]
redis.call('HDEL', LEASED, id)
local lease = read_hold(id)
if not lease or lease[3] ~= '' then return {'unknown'} end
register_from(7, fmt(now_ms() + tonumber(ARGV[3])))
if charge == '' then resolve(id) else settle(id, lease, charge, position) end
return {'closed'}
`;

/**
 * Whether a lease is open that was taken under an older revision of a key than is named, or may be in a cache that is lost.
 *
 * ARGV: epoch, deadline, (key, revision)…. Answers {'ok', '1' or '0'}.
 */
export const isLeased = (prefix: string): string => `
${names(prefix)}${leased(prefix)}${assertEpoch}${records}
if now_ms() < tonumber(redis.call('HGET', META, 'ready_at')) then return {'ok', '1'} end
local raised = {}
for i = 3, #ARGV, 2 do raised[ARGV[i]] = math.max(raised[ARGV[i]] or -1, tonumber(ARGV[i + 1])) end
local answer, rows = '0', redis.call('HGETALL', LEASED)
for i = 1, #rows, 2 do
  local lease = read_hold(rows[i])
  if not lease or lease[3] ~= '' then
    redis.call('HDEL', LEASED, rows[i])
  else
    local guards = cmsgpack.unpack(rows[i + 1])
    for j = 1, #guards, 2 do
      if raised[guards[j]] and tonumber(guards[j + 1]) < raised[guards[j]] then answer = '1' end
    end
  end
end
return {'ok', answer}
`;

/**
 * No lease of a budget is granted for a while. ARGV: epoch, deadline, budget. Answers {'ok', '1' or '0'}: whether one claims of it still.
 */
export const spare = (prefix: string): string => `
${names(prefix)}${leased(prefix)}${assertEpoch}${records}
local key = BUDGET .. ARGV[3]
if redis.call('HGET', key, 'epoch') == EPOCH then
  redis.call('HSET', key, 'spared_until', fmt(now_ms() + ${SPARED_MS}))
end
local answer = '0'
for _, id in ipairs(redis.call('HKEYS', LEASED)) do
  local lease = read_hold(id)
  if not lease or lease[3] ~= '' then
    redis.call('HDEL', LEASED, id)
  else
    for i = 6, #lease do
      if lease[i] == ARGV[3] then answer = '1' end
    end
  end
end
return {'ok', answer}
`;
