// The pieces that several scripts begin with. Keys, all under one hash tag so that they share a slot:
//
//   <prefix>:epoch      hash: id, run_id, ready_at, applied, last, seen, seen_last, swept_at, sweep_from
//   <prefix>:leases     sorted set: open hold ids by the millisecond their lease runs out. An id is here exactly while its hold is open.
//   <prefix>:h:<id>     an open hold as msgpack {granted, delivered, charge, position, context, budget…}, charge and position
//                       '' until settled; or TOMBSTONE for a minute after it was resolved.
//   <prefix>:leased     hash: of each lease by its hold id, the guards it was taken under as msgpack {key, revision, …}. What is here of a lease that
//                       is over means nothing, and is cleared by whoever comes by.
//   <prefix>:b:<budget> hash: epoch, balance, position, revision (the guard), held (sum of the claims), settled (how many claims are
//                       settled), floor (newest position that came while it was not cached), spared_until (no lease before), and one claim for each open hold:
//                       `h:<id>` = amount, or charge@position once it is settled. Cached only while `epoch` is the current one.
//
// A budget without claims expires after a day and may be evicted by a volatile-* policy; one with claims never does.
// Lua's numbers are doubles: every value is below 2^53 (checked by the caller), and is written by fmt, never in exponent form.

/** What a resolved hold's key holds. */
const TOMBSTONE = 'x';
const TOMBSTONE_TTL_MS = 60_000;
/** How long a balance that came for a budget that is not cached outdates snapshots read before it. */
const FLOOR_TTL_MS = 60_000;
const IDLE_BUDGET_TTL_MS = 24 * 3_600_000;

/** Names and number formats. ARGV[1] and [2] are the same for all scripts: the caller's epoch, and when it stops waiting (server clock, ms). */
export const names = (prefix: string): string => `
local META, LEASES, HOLD, BUDGET = '${prefix}:epoch', '${prefix}:leases', '${prefix}:h:', '${prefix}:b:'
local TOMBSTONE, IDLE_MS, FLOOR_MS = '${TOMBSTONE}', ${IDLE_BUDGET_TTL_MS}, ${FLOOR_TTL_MS}
local EPOCH, DEADLINE = ARGV[1], ARGV[2]
local function fmt(number) return string.format('%.0f', number) end
local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
`;

/** The caller's epoch must be the current one: otherwise everything it believes to be cached is lost. */
export const assertEpoch = `
if redis.call('HGET', META, 'id') ~= EPOCH then return {'lost'} end
`;

/** Reads an open hold's record; nil when it is unknown or resolved. */
export const records = `
local function read_hold(id)
  local packed = redis.call('GET', HOLD .. id)
  if packed and packed ~= TOMBSTONE then return cmsgpack.unpack(packed) end
  return nil
end
`;

/** Places and drops claims of holds on budgets. */
export const claims = `
local function place_claim(budget, id, amount, position)
  local key = BUDGET .. budget
  if position == '' then
    redis.call('HSET', key, 'h:' .. id, amount)
  else
    redis.call('HSET', key, 'h:' .. id, amount .. '@' .. position)
    redis.call('HINCRBY', key, 'settled', 1)
  end
  redis.call('HINCRBY', key, 'held', amount)
  redis.call('PERSIST', key)
end

-- Amount and position ('' while unsettled) of a claim's stored text.
local function parse_claim(text)
  local at = string.find(text, '@', 1, true)
  if not at then return text, '' end
  return string.sub(text, 1, at - 1), string.sub(text, at + 1)
end

local function drop_claim(budget, id)
  local key = BUDGET .. budget
  local text = redis.call('HGET', key, 'h:' .. id)
  if not text then return end
  local amount, position = parse_claim(text)
  redis.call('HDEL', key, 'h:' .. id)
  if position ~= '' then redis.call('HINCRBY', key, 'settled', -1) end
  if redis.call('HINCRBY', key, 'held', fmt(0 - tonumber(amount))) == 0 then
    redis.call('PEXPIRE', key, IDLE_MS)
  end
end
`;

/** Ends holds: nothing claims any more, and the id cannot come back for a minute. */
export const resolving = `
local function resolve(id)
  local hold = read_hold(id)
  if hold then
    for i = 6, #hold do drop_claim(hold[i], id) end
    redis.call('ZREM', LEASES, id)
  end
  redis.call('SET', HOLD .. id, TOMBSTONE, 'PX', ${TOMBSTONE_TTL_MS})
end

-- As resolve, of many at once: what they claim of one budget is dropped together.
local function resolve_all(ids, from, to)
  local dropped, budgets, open = {}, {}, {}
  for i = from, to do
    local id = ids[i]
    local packed = redis.call('SET', HOLD .. id, TOMBSTONE, 'PX', ${TOMBSTONE_TTL_MS}, 'GET')
    if packed and packed ~= TOMBSTONE then
      local hold = cmsgpack.unpack(packed)
      open[#open + 1] = id
      for j = 6, #hold do
        local fields = dropped[hold[j]]
        if not fields then
          fields = {}
          dropped[hold[j]] = fields
          budgets[#budgets + 1] = hold[j]
        end
        fields[#fields + 1] = 'h:' .. id
      end
    end
  end
  for _, budget in ipairs(budgets) do
    local key, fields, amounts, settled = BUDGET .. budget, dropped[budget], 0, 0
    for _, text in ipairs(redis.call('HMGET', key, unpack(fields))) do
      if text then
        local amount, position = parse_claim(text)
        amounts = amounts + tonumber(amount)
        if position ~= '' then settled = settled + 1 end
      end
    end
    if redis.call('HDEL', key, unpack(fields)) > 0 then
      if settled > 0 then redis.call('HINCRBY', key, 'settled', 0 - settled) end
      if redis.call('HINCRBY', key, 'held', fmt(0 - amounts)) == 0 then redis.call('PEXPIRE', key, IDLE_MS) end
    end
  end
  if #open > 0 then redis.call('ZREM', LEASES, unpack(open)) end
end

-- In parts, because a call takes so many arguments and no more.
local function resolve_every(ids, from)
  for first = from, #ids, 500 do resolve_all(ids, first, math.min(first + 499, #ids)) end
end

local function resolve_unless_claiming(id, hold)
  for i = 6, #hold do
    if redis.call('HEXISTS', BUDGET .. hold[i], 'h:' .. id) == 1 then return end
  end
  resolve(id)
end
`;

/** Sets a newer balance; settled charges that it contains claim no longer. */
export const projecting = `
local function project(budget, balance, position)
  local key = BUDGET .. budget
  redis.call('HSET', key, 'balance', balance, 'position', position)
  if (tonumber(redis.call('HGET', key, 'settled') or 0)) == 0 then return end
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 2) == 'h:' then
      local _, settled_at = parse_claim(fields[i + 1])
      if settled_at ~= '' and tonumber(settled_at) <= tonumber(position) then
        local id = string.sub(fields[i], 3)
        drop_claim(budget, id)
        resolve_unless_claiming(id, read_hold(id) or {})
      end
    end
  end
end
`;

/** Compares a caller's revision with the guard: the newer one when the caller's is out of date, otherwise nil, and the guard is raised. */
export const guarding = `
local function outdated_by(key, revision, known)
  if known and tonumber(known) > tonumber(revision) then return known end
  if not known or tonumber(known) < tonumber(revision) then
    redis.call('HSET', BUDGET .. key, 'revision', revision)
  end
  return nil
end
`;
