import { assertEpoch, names, records } from './parts.lua.js';

/**
 * Extends leases and notes what has been delivered, never less than before.
 *
 * ARGV: epoch, deadline, lease ms, (hold id, delivered tokens)…
 * Answers {'ok', id…} with the ids that are not open.
 */
export const renew = (prefix: string): string => `
${names(prefix)}${assertEpoch}${records}
local expires_at, answer = fmt(now_ms() + tonumber(ARGV[3])), {'ok'}
for i = 4, #ARGV, 2 do
  local id, delivered = ARGV[i], ARGV[i + 1]
  local hold = read_hold(id)
  if hold then
    redis.call('ZADD', LEASES, expires_at, id)
    if tonumber(delivered) > tonumber(hold[2]) then
      hold[2] = delivered
      redis.call('SET', HOLD .. id, cmsgpack.pack(hold))
    end
  else
    answer[#answer + 1] = id
  end
end
return answer
`;
