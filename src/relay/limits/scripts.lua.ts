import { MINUTE_MS, OPEN_CALL_LEASE_MS } from './limit-counters.js';

const CLOCK = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

const keysOf = (prefix: string) => `
local function minuteKey(bucket, minute) return '${prefix}:limits:minute:' .. bucket .. ':' .. minute end
local function openKey(bucket) return '${prefix}:limits:open:' .. bucket end
`;

/**
 * call, tokens, requests (0 where it has been counted), then for each bucket: name, requests a minute, tokens a minute, calls at once ('' or 0: no limit)
 * -> admitted, minute, milliseconds of it, then five counts for each bucket
 */
const admit = (prefix: string) => `${CLOCK}${keysOf(prefix)}
local call, tokens, new = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local minute = math.floor(now / ${MINUTE_MS})
local elapsed = now - minute * ${MINUTE_MS}
local share = 1 - elapsed / ${MINUTE_MS}
local reply = {'1', tostring(minute), tostring(elapsed)}
local function counts(bucket, minute)
  local found = redis.call('HMGET', minuteKey(bucket, minute), 'r', 't')
  return tonumber(found[1] or '0'), tonumber(found[2] or '0')
end
for i = 4, #ARGV, 4 do
  local bucket = ARGV[i]
  local perMinute, tokensPerMinute, atOnce = tonumber(ARGV[i + 1]) or 0, tonumber(ARGV[i + 2]) or 0, tonumber(ARGV[i + 3]) or 0
  local requests, used = counts(bucket, minute)
  local requestsBefore, usedBefore = counts(bucket, minute - 1)
  redis.call('ZREMRANGEBYSCORE', openKey(bucket), '-inf', now)
  local open = redis.call('ZCARD', openKey(bucket))
  if (new > 0 and atOnce > 0 and open + 1 > atOnce)
    or (new > 0 and perMinute > 0 and requests + requestsBefore * share + 1 > perMinute)
    or (tokensPerMinute > 0 and used + usedBefore * share + tokens > tokensPerMinute) then
    reply[1] = '0'
  end
  for _, count in ipairs({requests, requestsBefore, used, usedBefore, open}) do
    table.insert(reply, string.format('%.0f', count))
  end
end
if reply[1] == '0' then return reply end
for i = 4, #ARGV, 4 do
  local key = minuteKey(ARGV[i], minute)
  redis.call('HINCRBY', key, 'r', new)
  redis.call('HINCRBY', key, 't', tokens)
  redis.call('PEXPIRE', key, ${2 * MINUTE_MS})
  redis.call('ZADD', openKey(ARGV[i]), now + ${OPEN_CALL_LEASE_MS}, call)
  redis.call('PEXPIRE', openKey(ARGV[i]), ${2 * OPEN_CALL_LEASE_MS})
end
return reply`;

/** call, minute, more tokens, buckets... */
const settle = (prefix: string) => `${keysOf(prefix)}
for i = 4, #ARGV do
  redis.call('ZREM', openKey(ARGV[i]), ARGV[1])
  local key = minuteKey(ARGV[i], ARGV[2])
  if redis.call('EXISTS', key) == 1 then redis.call('HINCRBY', key, 't', ARGV[3]) end
end
return {}`;

/** (call, bucket)... */
const renew = (prefix: string) => `${CLOCK}${keysOf(prefix)}
for i = 1, #ARGV, 2 do
  redis.call('ZADD', openKey(ARGV[i + 1]), now + ${OPEN_CALL_LEASE_MS}, ARGV[i])
  redis.call('PEXPIRE', openKey(ARGV[i + 1]), ${2 * OPEN_CALL_LEASE_MS})
end
return {}`;

/** Every script of the limits, as a function of the key prefix. */
export const scripts = { admit, settle, renew };
