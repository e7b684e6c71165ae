# frozen_string_literal: true

# A row of the application and a workflow, both or neither, in a transaction of the gem pg. Needs Postgres; the URL of
# the system database, where the application has its tables too, is in DBOS_SYSTEM_DATABASE_URL.
require "dbosc"
require "pg"

# Prepares outside the transaction: that costs no round trip inside it.
def order(client, database, item)
  prepared = client.prepare_enqueue(workflow_name: "ship", queue_name: "orders", args: [item])
  database.transaction do |transaction|
    transaction.exec_params("INSERT INTO orders (item, workflow_id) VALUES ($1, $2)", [item, prepared.workflow_id])
    prepared.statements.each { |statement| transaction.exec_params(statement.sql, statement.params) }
    yield if block_given?
  end
  prepared.workflow_id
end

url = ENV.fetch("DBOS_SYSTEM_DATABASE_URL")
DBOSC::Client.open(system_database_url: url) do |client|
  database = PG.connect(url)
  database.exec("CREATE TABLE IF NOT EXISTS orders (item text, workflow_id text)")
  puts "ordered: #{client.get_workflow(workflow_id: order(client, database, "a book")).workflow.status}"

  begin
    order(client, database, "a boat") { raise "no money" }
  rescue RuntimeError => e
    puts "refused: #{e.message}"
  end
  puts "orders: #{database.exec("SELECT count(*) FROM orders").getvalue(0, 0)}"
  puts "workflows: #{client.count_workflows(queue_name: "orders").count}"
ensure
  database&.close
end
