import { assertEpoch, names, records } from './parts.lua.js';

/** {'ok', position of the last batch applied in this epoch, the last event that was in one}, shorter where there is none. ARGV: epoch, deadline. */
export const applied = (prefix: string): string => `
${names(prefix)}${assertEpoch}
local told = redis.call('HMGET', META, 'applied', 'last')
return {'ok', told[1] or nil, told[2] or nil}
`;

/**
 * Holds whose lease ran out. When nobody has asked for half a lease the server may have been standing still: then nothing has run
 * out for one lease more, in which living owners renew.
 *
 * ARGV: epoch, deadline, lease ms, limit. Answers {'ok', {id, lease, granted, delivered, charge, position, context, budget…}…}.
 */
export const expired = (prefix: string): string => `
${names(prefix)}${assertEpoch}${records}
local now, lease = now_ms(), tonumber(ARGV[3])
local sweep = redis.call('HMGET', META, 'swept_at', 'sweep_from')
local from = tonumber(sweep[2] or 0)
if not sweep[1] or now - tonumber(sweep[1]) > lease / 2 then from = now + lease end
redis.call('HSET', META, 'swept_at', fmt(now), 'sweep_from', fmt(from))
local answer = {'ok'}
if now < from then return answer end
local due = redis.call('ZRANGEBYSCORE', LEASES, '-inf', fmt(now), 'WITHSCORES', 'LIMIT', 0, ARGV[4])
for i = 1, #due, 2 do
  answer[#answer + 1] = {due[i], due[i + 1], unpack(read_hold(due[i]))}
end
return answer
`;

/** ARGV: epoch, deadline, budget. Answers {'ok'} or {'ok', {balance, position, revision, held}, hold as in expired…}. */
export const view = (prefix: string): string => `
${names(prefix)}${assertEpoch}${records}
local key = BUDGET .. ARGV[3]
local row = redis.call('HMGET', key, 'epoch', 'balance', 'position', 'revision', 'held')
if row[1] ~= EPOCH then return {'ok'} end
local answer = {'ok', {row[2], row[3], row[4], row[5] or '0'}}
local fields = redis.call('HKEYS', key)
for _, field in ipairs(fields) do
  if string.sub(field, 1, 2) == 'h:' then
    local id = string.sub(field, 3)
    answer[#answer + 1] = {id, redis.call('ZSCORE', LEASES, id), unpack(read_hold(id))}
  end
end
return answer
`;
