-- One atomic step: check version and lease, write the record, append the events, move the
-- message, push it on its queue. Everything lives on one primary, so keys are built here.
--
-- KEYS[1]  prefix ("arclight:")
-- ARGV[1]  change as JSON: id, before, version, state, state_before, ends, claims, lease_s,
--          if_expired, drop, add {key, queue, delay_s, payload}, resend_s, deadline, keep_s, now,
--          idem {key, fingerprint, keep_s}, session (of a new job: its key, or null)
-- ARGV[2]  the record; ARGV[3…]  the events, the last one making `version`
-- Returns  {"ok"} | {"conflict"} | {"alive"} | {"same", id} | {"other"}

local prefix, change, doc = KEYS[1], cjson.decode(ARGV[1]), ARGV[2]
local id = change.id
local job, events = prefix .. "job:" .. id, prefix .. "job:" .. id .. ":events"
local log = prefix .. "job:" .. id .. ":log"
local progress = prefix .. "job:" .. id .. ":progress"
local leases, outbox, rows = prefix .. "leases", prefix .. "outbox", prefix .. "outbox:rows"

local function set(value) return value ~= nil and value ~= cjson.null end

local now = change.now
if not set(now) then
  local t = redis.call("TIME")
  now = tonumber(t[1]) + tonumber(t[2]) / 1e6
end

if set(change.idem) then
  local key = prefix .. "idem:" .. change.idem.key
  local known = redis.call("HMGET", key, "fingerprint", "id")
  if known[1] then
    if known[1] == change.idem.fingerprint then return { "same", known[2] } end
    return { "other" }
  end
  redis.call("HSET", key, "fingerprint", change.idem.fingerprint, "id", id)
  redis.call("EXPIRE", key, change.idem.keep_s)
end

local version = tonumber(redis.call("HGET", job, "version") or "0")
if version ~= change.before then return { "conflict" } end
if change.if_expired then
  local expiry = tonumber(redis.call("ZSCORE", leases, id) or "0")
  if expiry > now then return { "alive" } end
end

redis.call("HSET", job, "version", change.version, "doc", doc)
redis.call("DEL", progress)  -- It was the progress of the step that this write ends.
local first = change.version - (#ARGV - 2)
for i = 3, #ARGV do
  redis.call("XADD", events, (first + i - 2) .. "-0", "event", ARGV[i])
end

if change.state ~= change.state_before then
  if set(change.state_before) then
    redis.call("ZREM", prefix .. "jobs:" .. change.state_before, id)
  else
    redis.call("ZADD", prefix .. "jobs", 0, id)
    if set(change.session) then
      redis.call("SET", prefix .. "session:" .. change.session, id, "EX", change.keep_s)
    end
  end
  redis.call("ZADD", prefix .. "jobs:" .. change.state, 0, id)
end

if change.claims then
  redis.call("ZADD", leases, now + change.lease_s, id)
else
  redis.call("ZREM", leases, id)
end

if not change.ends then
  redis.call("ZADD", prefix .. "deadlines", change.deadline, id)  -- An approval moves it.
else
  redis.call("ZREM", prefix .. "deadlines", id)
  for _, key in ipairs({ job, events, log }) do redis.call("EXPIRE", key, change.keep_s) end
end

if set(change.drop) then
  if change.claims then
    local raw = redis.call("HGET", rows, change.drop)
    if raw then
      local row = cjson.decode(raw)
      local claimed = tonumber(redis.call("HGET", prefix .. "claimed", row.queue) or "0")
      if row.seq > claimed then redis.call("HSET", prefix .. "claimed", row.queue, row.seq) end
    end
  end
  redis.call("ZREM", outbox, change.drop)
  redis.call("HDEL", rows, change.drop)
end

if set(change.add) then
  local row = change.add
  row.seq, row.tries = redis.call("INCR", prefix .. "seq"), 0
  row.sent = row.delay_s <= 0
  if row.sent then redis.call("LPUSH", prefix .. row.queue, row.payload) end
  redis.call("HSET", rows, row.key, cjson.encode(row))
  redis.call("ZADD", outbox, now + (row.sent and change.resend_s or row.delay_s), row.key)
end

return { "ok" }
