import { names } from './parts.lua.js';

/** What holds of one script share: epoch, clock, budgets. */
export const SHARED = `local state = redis.call('HMGET', META, 'id', 'ready_at')
if state[1] ~= EPOCH then return {'lost'} end
local now = now_ms()
if now > tonumber(DEADLINE) then return {'late', fmt(now)} end
local wait = tonumber(state[2]) - now

-- What is known of a budget: {cached, balance, held, revision}. Changes of held are written at the end, with the claims.
local rows, claims, touched, leases = {}, {}, {}, {}
local function row_of(key)
  local row = rows[key]
  if not row then
    local found = redis.call('HMGET', BUDGET .. key, 'epoch', 'balance', 'held', 'revision')
    row = {found[1] == EPOCH, tonumber(found[2]), tonumber(found[3] or 0), tonumber(found[4] or -1)}
    rows[key] = row
  end
  return row
end

local function claim(key, id, granted, text)
  local fields, row = claims[key], rows[key]
  if not fields then
    fields = {}
    claims[key] = fields
    touched[#touched + 1] = key
    if row[3] == 0 then redis.call('PERSIST', BUDGET .. key) end
  end
  row[3] = row[3] + granted
  fields[#fields + 1] = 'h:' .. id
  fields[#fields + 1] = text
end

-- An id that was here before is answered as it was then. Asked only where the answer would be another: nearly all ids are new.
local function unless_known(id, answer)
  local known = redis.call('GET', HOLD .. id)
  if known == TOMBSTONE then return {'resolved'} end
  return known and {'held', cmsgpack.unpack(known)[1]} or answer
end`;

/** Places one hold. @param available what may be granted, in terms of the script's `available` */
export const placing = (available = 'available'): string => `local function place(at, last)
  local id, count = ARGV[at], tonumber(ARGV[at + 5])
  if wait > 0 then return unless_known(id, {'recovering', fmt(wait)}) end

  local first_guard, missing = at + 6 + count, nil
  local available, poorest
  for i = at + 6, last do
    local is_budget = i < first_guard
    if is_budget or (i - first_guard) % 2 == 0 then
      local row = row_of(ARGV[i])
      if not row[1] then
        missing = missing or {'missing'}
        local listed = false
        for j = 2, #missing do listed = listed or missing[j] == ARGV[i] end
        if not listed then missing[#missing + 1] = ARGV[i] end
      elseif is_budget then
        local left = row[2] - row[3]
        if not available or left < available then available, poorest = left, ARGV[i] end
      end
    end
  end
  if missing then return unless_known(id, missing) end

  for i = first_guard, last, 2 do
    local row, revision = rows[ARGV[i]], tonumber(ARGV[i + 1])
    if row[4] > revision then return unless_known(id, {'stale', ARGV[i], fmt(row[4])}) end
    if row[4] < revision then
      local before = unless_known(id)
      if before then return before end
      redis.call('HSET', BUDGET .. ARGV[i], 'revision', ARGV[i + 1])
      row[4] = revision
    end
  end

  local granted = math.min(tonumber(ARGV[at + 1]), math.max(0, ${available}))
  if granted < tonumber(ARGV[at + 2]) then return unless_known(id, {'insufficient', poorest, fmt(available)}) end
  local text = fmt(granted)
  local record = {text, '0', '', '', ARGV[at + 4]}
  for i = at + 6, first_guard - 1 do record[#record + 1] = ARGV[i] end
  if not redis.call('SET', HOLD .. id, cmsgpack.pack(record), 'NX') then return unless_known(id) end
  for i = at + 6, first_guard - 1 do claim(ARGV[i], id, granted, text) end
  leases[#leases + 1] = fmt(now + tonumber(ARGV[at + 3]))
  leases[#leases + 1] = id
  return {'held', text}
end`;

/** What was placed, at once. */
export const WRITE = `for _, key in ipairs(touched) do
  redis.call('HSET', BUDGET .. key, 'held', fmt(rows[key][3]), unpack(claims[key]))
end
if #leases > 0 then redis.call('ZADD', LEASES, unpack(leases)) end`;

const BATCH = `local answers, at = {'ok'}, 3
while at <= #ARGV do
  local last = at + tonumber(ARGV[at])
  answers[#answers + 1] = place(at + 1, last)
  at = last + 1
end
${WRITE}
return answers
`;

/**
 * Places holds, each on all its budgets or on none, one after the other as if each came alone; the one script of a call's hot path.
 * What they share is read and written once: the epoch, the clock, a hot account.
 *
 * ARGV: epoch, deadline, (number of texts that follow, hold id, amount, least, lease ms, context, number of budgets, budgets…, (guard
 * key, revision)…)…
 * Answers {'late', server time} when the requests were stuck until their callers had given up, and nothing is held; else {'ok', answer…},
 * of each {'held', granted}, {'resolved'}, {'recovering', ms}, {'missing', key…}, {'stale', key, revision} or
 * {'insufficient', budget, available}.
 */
export const hold = (prefix: string): string => `
${names(prefix)}
${SHARED}

${placing()}

${BATCH}`;
