-- Replace the progress of a claimed step, if the claim is still in force.
--
-- KEYS[1]  prefix; ARGV[1] id; ARGV[2] version of the claim; ARGV[3] progress; ARGV[4] keep_s
-- Returns  1 | 0. A stream of one entry: it is capped, and it wakes whoever reads it blocking.

local prefix, id = KEYS[1], ARGV[1]
if redis.call("HGET", prefix .. "job:" .. id, "version") ~= ARGV[2] then return 0 end
local key = prefix .. "job:" .. id .. ":progress"
redis.call("XADD", key, "MAXLEN", "=", 1, "*", "progress", ARGV[3])
redis.call("EXPIRE", key, ARGV[4])
return 1
