-- Runs the steps of the story in tests/conformance and prints how each ended, a line of JSON each.
--
--   story.lua STEPS URL

local cjson = require "cjson"
local dbosc = require "dbosc"

local path, url = arg[1], arg[2]
local function open() return dbosc.open { system_database_url = url } end

local client, transaction, submitted = open(), nil, {}

-- How calls ended: each a reply as it came, or an error as it came.
local function account(call)
  local done, outcome = pcall(call)
  if done then return '{"reply":' .. outcome .. "}" end
  if not dbosc.is_error(outcome) then error(outcome, 0) end
  return '{"error":' .. outcome.text .. "}"
end

local doings = {}

function doings.call(step)
  return account(function()
    if not step.cancelled_after_ms then return client:call_text(step.operation, step.request) end
    return client:await(client:submit_text(step.operation, step.request), step.cancelled_after_ms)
  end)
end

function doings.submit(step)
  local calls = {}
  for i = 1, step.times do calls[i] = client:submit_text(step.operation, step.request) end
  submitted[step.tag] = calls
end

function doings.cancel(step)
  for _, call in ipairs(submitted[step.tag]) do dbosc.cancel(call) end
end

doings["await"] = function(step)
  local outcomes = {}
  for i, call in ipairs(submitted[step.tag]) do
    outcomes[i] = account(function() return client:await(call) end)
  end
  return table.concat(outcomes, ",")
end

function doings.begin() transaction = client:begin() end

function doings.in_transaction(step)
  return account(function() return transaction:call_text(step.operation, step.request) end)
end

function doings.execute(step)
  return account(function() return transaction:execute_text(step.sql, step.params) end)
end

function doings.commit() transaction:commit() end
function doings.rollback() transaction:rollback() end
function doings.fork() return '{"skipped":"Lua has no fork"}' end
function doings.close() client:close() end
function doings.open() client = open() end

local file = assert(io.open(path))
local steps = cjson.decode(file:read "*a")
file:close()
for _, step in ipairs(steps) do
  print("[" .. (doings[step["do"]](step) or "{}") .. "]")
end
