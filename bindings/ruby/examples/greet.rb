# frozen_string_literal: true

# Starts a workflow of a worker in any language and prints its result. examples/quickstart_worker.py is one to try.

# [readme]
require "dbosc"

# The system database's URL is in DBOS_SYSTEM_DATABASE_URL.
DBOSC::Client.open do |client|
  handle = client.enqueue_workflow(workflow_name: "greet", queue_name: "greetings", args: ["Ada"])
  puts handle.get_result(timeout: 60)
rescue DBOSC::WorkflowFailedError => e
  warn "#{e.name}: #{e.remote_message}"
end
# [/readme]
