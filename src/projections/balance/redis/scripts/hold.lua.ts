import { guarding, names } from './parts.lua.js';

/**
 * Places a hold on all its budgets or on none; the one script of a call's hot path.
 *
 * ARGV: epoch, deadline, hold id, amount, least, lease ms, context, number of budgets, budgets…, (guard key, revision)…
 * Answers {'held', granted}, {'resolved'}, {'recovering', ms}, {'missing', key…}, {'stale', key, revision},
 * {'insufficient', budget, available} or {'late', server time}: a request that was stuck until its caller had given up holds nothing.
 */
export const hold = (prefix: string): string => `
${names(prefix)}${guarding}
local state = redis.call('HMGET', META, 'id', 'ready_at')
if state[1] ~= EPOCH then return {'lost'} end
local id, amount, least = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local known = redis.call('GET', HOLD .. id)
if known == TOMBSTONE then return {'resolved'} end
if known then return {'held', cmsgpack.unpack(known)[1]} end
local now = now_ms()
if now > tonumber(DEADLINE) then return {'late', fmt(now)} end
if now < tonumber(state[2]) then return {'recovering', fmt(tonumber(state[2]) - now)} end

local count, missing, rows, revisions = tonumber(ARGV[8]), {'missing'}, {}, {}
local function cached(key)
  local row = redis.call('HMGET', BUDGET .. key, 'epoch', 'balance', 'held', 'revision')
  if row[1] ~= EPOCH then missing[#missing + 1] = key end
  revisions[key] = row[4]
  return row
end
for i = 1, count do rows[i] = cached(ARGV[8 + i]) end
for i = 9 + count, #ARGV, 2 do
  if revisions[ARGV[i]] == nil then cached(ARGV[i]) end
end
if #missing > 1 then return missing end
for i = 9 + count, #ARGV, 2 do
  local newer = outdated_by(ARGV[i], ARGV[i + 1], revisions[ARGV[i]])
  if newer then return {'stale', ARGV[i], newer} end
  revisions[ARGV[i]] = ARGV[i + 1]
end

local available, poorest
for i = 1, count do
  local left = tonumber(rows[i][2]) - tonumber(rows[i][3] or 0)
  if not available or left < available then available, poorest = left, ARGV[8 + i] end
end
local granted = math.min(amount, math.max(0, available))
if granted < least then return {'insufficient', poorest, fmt(available)} end

local text = fmt(granted)
local record = {text, '0', '', '', ARGV[7]}
for i = 1, count do
  local key, held = BUDGET .. ARGV[8 + i], tonumber(rows[i][3] or 0)
  redis.call('HSET', key, 'held', fmt(held + granted), 'h:' .. id, text)
  if held == 0 then redis.call('PERSIST', key) end
  record[5 + i] = ARGV[8 + i]
end
redis.call('SET', HOLD .. id, cmsgpack.pack(record))
redis.call('ZADD', LEASES, fmt(now + tonumber(ARGV[6])), id)
return {'held', text}
`;
