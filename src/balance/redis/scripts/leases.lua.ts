import { LEASE_SHARE } from '../../hold-leasing.js';
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

local answer = place(3, #ARGV)
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
