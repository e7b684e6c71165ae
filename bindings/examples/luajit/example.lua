-- Enqueues a workflow to whoever works on the database, and prints its result.
--
--   example.lua URL

-- [readme]
local dbosc = require "dbosc"

local client = dbosc.open { system_database_url = arg[1] }
local started = client:call("enqueue", { workflow_name = "echo", queue_name = "q", args = { "Hello from Lua 😀" } })
local done, outcome = pcall(client.call, client, "get_result",
                            { workflow_id = started.workflow_id, timeout_ms = 60000 })
client:close()
if not done then
  error(outcome.workflow_error and "the workflow failed: " .. outcome.workflow_error.message or outcome, 0)
end
print(outcome.result)
-- [/readme]
