-- wrk requests a path with another random word each time, and counts the responses by status.

local threads = {}

function setup(thread)
  thread:set("seed", os.time() + #threads)
  table.insert(threads, thread)
end

function init(arguments)
  math.randomseed(seed)
  path = arguments[1]
  statuses = {}
end

function request()
  local word = ""
  for _ = 1, 9 do word = word .. string.char(math.random(97, 122)) end
  return wrk.format("GET", (string.gsub(path, "RANDOM", word)))
end

function response(status)
  statuses[status] = (statuses[status] or 0) + 1
end

function done()
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get("statuses")) do print("status", status, count) end
  end
end
