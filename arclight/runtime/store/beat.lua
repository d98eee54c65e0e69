-- Renew a lease, if the claim is still in force.
--
-- KEYS[1]  prefix; ARGV[1] id; ARGV[2] version of the claim; ARGV[3] lease_s; ARGV[4] now or ""
-- Returns  1 | 0. No event is written while a step is leased except by its holder or by whoever
-- ends the lease, so an unchanged version means an unchanged claim.

local prefix, id = KEYS[1], ARGV[1]
if redis.call("HGET", prefix .. "job:" .. id, "version") ~= ARGV[2] then return 0 end
local now = tonumber(ARGV[4])
if not now then
  local t = redis.call("TIME")
  now = tonumber(t[1]) + tonumber(t[2]) / 1e6
end
redis.call("ZADD", prefix .. "leases", now + tonumber(ARGV[3]), id)
return 1
