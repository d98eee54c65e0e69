-- Put due schedule entries and lost messages on their queues.
--
-- A message is lost when nobody has claimed it although a newer one of its queue was claimed, or
-- although the queue is empty. A backlog is not a loss, so it is not doubled.
--
-- KEYS[1]  prefix; ARGV[1] now or ""; ARGV[2] resend_s; ARGV[3] limit
-- Returns  how many were sent

local prefix = KEYS[1]
local outbox, rows = prefix .. "outbox", prefix .. "outbox:rows"
local resend_s, sent = tonumber(ARGV[2]), 0
local now = tonumber(ARGV[1])
if not now then
  local t = redis.call("TIME")
  now = tonumber(t[1]) + tonumber(t[2]) / 1e6
end

for _, key in ipairs(redis.call("ZRANGEBYSCORE", outbox, "-inf", now, "LIMIT", 0, ARGV[3])) do
  local raw = redis.call("HGET", rows, key)
  if not raw then
    redis.call("ZREM", outbox, key)
  else
    local row = cjson.decode(raw)
    local queue = prefix .. row.queue
    local claimed = tonumber(redis.call("HGET", prefix .. "claimed", row.queue) or "0")
    local lost = redis.call("LLEN", queue) == 0 or row.seq < claimed
    if not row.sent or lost then
      redis.call("LPUSH", queue, row.payload)
      if row.sent then row.tries = row.tries + 1 end
      row.sent = true
      redis.call("HSET", rows, key, cjson.encode(row))
      sent = sent + 1
    end
    redis.call("ZADD", outbox, now + math.min(60, resend_s * 2 ^ row.tries), key)
  end
end

return sent
