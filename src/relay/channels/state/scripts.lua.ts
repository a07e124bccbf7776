import { CALL_LEASE_MS, FORGET_MS, MAX_FAILING, NEWEST_SHARE, SLICE_MS, SLICES } from './channel-state.js';

const CLOCK = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** A record is \`failures|until|at|reason\`. */
const RECORDS = `
local function read(raw)
  local failures, till, at, reason = string.match(raw, '^(%d+)|(%d+)|(%d+)|(.*)$')
  return tonumber(failures), tonumber(till), tonumber(at), reason
end
local function forgotten(till, at)
  return now - math.max(till, at) > ${FORGET_MS}
end
local function left(till)
  if till == 0 then return '' end
  return tostring(math.max(0, till - now))
end
`;

/** target, reason, base, max, least, spare, jitter -> failures, what is left of the cooldown */
const failed = (prefix: string) => `${CLOCK}${RECORDS}
local target, reason = ARGV[1], ARGV[2]
local base, most, least, spare, jitter = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local failures, till = 0, 0
local raw = redis.call('HGET', '${prefix}:channels:failing', target)
if raw then
  local at
  failures, till, at = read(raw)
  if forgotten(till, at) then failures, till = 0, 0 end
end
local length = 0
if till <= now then
  failures = failures + 1
  if failures > spare then
    length = math.min(most, base * 2 ^ (failures - spare - 1)) * (0.75 + 0.5 * jitter)
  end
end
length = math.floor(math.max(length, least))
if length > 0 then till = math.max(till, now + length) end
if raw or redis.call('HLEN', '${prefix}:channels:failing') < ${MAX_FAILING} then
  redis.call('HSET', '${prefix}:channels:failing', target, string.format('%d|%d|%d|%s', failures, till, now, reason))
end
redis.call('DEL', '${prefix}:channels:lease:probe:' .. target)
return {tostring(failures), left(till)}`;

const recovered = (prefix: string) => `
redis.call('HDEL', '${prefix}:channels:failing', ARGV[1])
redis.call('DEL', '${prefix}:channels:lease:probe:' .. ARGV[1])
return {}`;

const lease = (prefix: string) => `
return {redis.call('SET', '${prefix}:channels:lease:' .. ARGV[1], '1', 'NX', 'PX', ARGV[2]) and '1' or '0'}`;

/**
 * process or '', how many texts follow of its calls, (channel, calls)..., (channel, answered, ms)... -> rows of failing targets, rows of
 * response times. Times are \`answered|failed|average|last|at\`; what a process has running is \`at channel calls channel calls...\`; a slice
 * counts by 1 or 0, for answered or not, and channel.
 */
const exchange = (prefix: string) => `${CLOCK}${RECORDS}
local texts = tonumber(ARGV[2])
if texts > 0 then
  redis.call('HSET', '${prefix}:channels:running', ARGV[1], now .. ' ' .. table.concat(ARGV, ' ', 3, 2 + texts))
elseif ARGV[1] ~= '' then
  redis.call('HDEL', '${prefix}:channels:running', ARGV[1])
end
local slice, ended = '${prefix}:channels:slice:' .. math.floor(now / ${SLICE_MS}), {}
for i = 3 + texts, #ARGV, 3 do
  local how = ARGV[i + 1] .. ARGV[i]
  ended[how] = (ended[how] or 0) + 1
  local raw = redis.call('HGET', '${prefix}:channels:times', ARGV[i]) or '0|0|0|0|0'
  local answered, failures, average, last = string.match(raw, '^(%d+)|(%d+)|([%d.]+)|([%d.]+)|')
  answered, failures, average, last = tonumber(answered), tonumber(failures), tonumber(average), tonumber(last)
  local ms = tonumber(ARGV[i + 2])
  if ARGV[i + 1] == '1' then
    if answered == 0 then average = ms else average = average + ${NEWEST_SHARE} * (ms - average) end
    answered, last = answered + 1, ms
  else
    failures = failures + 1
  end
  redis.call('HSET', '${prefix}:channels:times', ARGV[i], string.format('%d|%d|%.3f|%.3f|%d', answered, failures, average, last, now))
end
for how, calls in pairs(ended) do redis.call('HINCRBY', slice, how, calls) end
if #ARGV > 2 + texts then redis.call('PEXPIRE', slice, ${SLICES * SLICE_MS}) end
local failing, times = {}, {}
local records = redis.call('HGETALL', '${prefix}:channels:failing')
for i = 1, #records, 2 do
  local failures, till, at, reason = read(records[i + 1])
  if forgotten(till, at) then
    redis.call('HDEL', '${prefix}:channels:failing', records[i])
  else
    table.insert(failing, {records[i], tostring(failures), left(till), reason})
  end
end
local measured = redis.call('HGETALL', '${prefix}:channels:times')
for i = 1, #measured, 2 do
  local answered, failures, average, last, at = string.match(measured[i + 1], '^(%d+)|(%d+)|([%d.]+)|([%d.]+)|(%d+)$')
  table.insert(times, {measured[i], answered, failures, average, last, tostring(now - tonumber(at))})
end
return {failing, times}`;

/** -> (channel, calls over all processes)..., (check, ms since)..., (balance, ms since)..., (channel, slices ago, answered, failed)... */
const figures = (prefix: string) => `${CLOCK}
local sums, running = {}, {}
local told = redis.call('HGETALL', '${prefix}:channels:running')
for i = 1, #told, 2 do
  local at, calls = string.match(told[i + 1], '^(%d+)(.*)$')
  if now - tonumber(at) > ${CALL_LEASE_MS} then
    redis.call('HDEL', '${prefix}:channels:running', told[i])
  else
    for channel, count in string.gmatch(calls, ' (%S+) (%d+)') do
      sums[channel] = (sums[channel] or 0) + tonumber(count)
    end
  end
end
for channel, count in pairs(sums) do table.insert(running, {channel, tostring(count)}) end
local function last(name)
  local found = {}
  local kept = redis.call('HGETALL', '${prefix}:channels:' .. name)
  for i = 1, #kept, 2 do
    local at, what = string.match(kept[i + 1], '^(%d+)|(.*)$')
    table.insert(found, {what, tostring(now - tonumber(at))})
  end
  return found
end
local slices, this = {}, math.floor(now / ${SLICE_MS})
for ago = 0, ${SLICES - 1} do
  local counts, found = redis.call('HGETALL', '${prefix}:channels:slice:' .. (this - ago)), {}
  for i = 1, #counts, 2 do
    local channel = string.sub(counts[i], 2)
    found[channel] = found[channel] or {'0', '0'}
    found[channel][string.sub(counts[i], 1, 1) == '1' and 1 or 2] = counts[i + 1]
  end
  for channel, calls in pairs(found) do table.insert(slices, {channel, tostring(ago), calls[1], calls[2]}) end
end
return {running, last('checks'), last('balances'), slices}`;

/** channel, check as JSON */
const checked = (prefix: string) => `${CLOCK}
redis.call('HSET', '${prefix}:channels:checks', ARGV[1], now .. '|' .. ARGV[2])
return {}`;

/** channel, balance as JSON */
const toldBalance = (prefix: string) => `${CLOCK}
redis.call('HSET', '${prefix}:channels:balances', ARGV[1], now .. '|' .. ARGV[2])
return {}`;

/** channel, call, most at once or '', most a minute or '' */
const enter = (prefix: string) => `${CLOCK}
local calls = '${prefix}:channels:calls:' .. ARGV[1]
if ARGV[3] ~= '' then
  redis.call('ZREMRANGEBYSCORE', calls, '-inf', now)
  if redis.call('ZCARD', calls) >= tonumber(ARGV[3]) then return {'full'} end
end
if ARGV[4] ~= '' then
  local minute = math.floor(now / 60000)
  local counter = '${prefix}:channels:minute:' .. ARGV[1] .. ':'
  local count = tonumber(redis.call('GET', counter .. minute) or '0')
  local before = tonumber(redis.call('GET', counter .. (minute - 1)) or '0')
  if count + before * (1 - (now % 60000) / 60000) + 1 > tonumber(ARGV[4]) then return {'too-fast'} end
  redis.call('INCR', counter .. minute)
  redis.call('PEXPIRE', counter .. minute, 120000)
end
if ARGV[3] ~= '' then
  redis.call('ZADD', calls, now + ${CALL_LEASE_MS}, ARGV[2])
  redis.call('PEXPIRE', calls, ${2 * CALL_LEASE_MS})
end
return {'entered'}`;

const leave = (prefix: string) => `
redis.call('ZREM', '${prefix}:channels:calls:' .. ARGV[1], ARGV[2])
return {}`;

/** (channel, call)... */
const renew = (prefix: string) => `${CLOCK}
for i = 1, #ARGV, 2 do
  local calls = '${prefix}:channels:calls:' .. ARGV[i]
  redis.call('ZADD', calls, now + ${CALL_LEASE_MS}, ARGV[i + 1])
  redis.call('PEXPIRE', calls, ${2 * CALL_LEASE_MS})
end
return {}`;

/** Every script of the channels' state, as a function of the key prefix. */
export const scripts = {
  ...{ exchange, figures, checked, toldBalance, failed, recovered },
  ...{ lease, enter, leave, renew },
};
