import { names } from './parts.lua.js';

/**
 * Joins the current epoch, or begins a new one when there is none (new server, flush) or it was begun under another run of the
 * server (restart, empty or from an old snapshot; failover). A new epoch drops all holds and with them the budgets they claim of;
 * the other budgets are of another epoch now, and count as missing.
 *
 * ARGV: `''`, `''`, run id, id for a new epoch, grace in ms, `1` when nobody can have used the ledger yet.
 * Answers {'ok', epoch id, ms until holds are granted, server time}.
 */
export const beginEpoch = (prefix: string): string => `
${names(prefix)}
local run_id, new_id, grace, unused = ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6] == '1'
local now = now_ms()
local meta = redis.call('HMGET', META, 'id', 'run_id', 'ready_at')
if meta[1] and meta[2] == run_id then
  return {'ok', meta[1], fmt(math.max(0, tonumber(meta[3]) - now)), fmt(now)}
end

local open = redis.call('ZRANGE', LEASES, 0, -1)
for _, id in ipairs(open) do
  local packed = redis.call('GET', HOLD .. id)
  if packed and packed ~= TOMBSTONE then
    local hold = cmsgpack.unpack(packed)
    for i = 6, #hold do redis.call('UNLINK', BUDGET .. hold[i]) end
    redis.call('UNLINK', HOLD .. id)
  end
end
local wait = grace
if unused and not meta[1] and #open == 0 then wait = 0 end
redis.call('DEL', LEASES, META)
redis.call('HSET', META, 'id', new_id, 'run_id', run_id, 'ready_at', fmt(now + wait))
return {'ok', new_id, fmt(wait), fmt(now)}
`;
