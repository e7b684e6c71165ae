# frozen_string_literal: true

# A record and a workflow, both or neither, in a transaction of ActiveRecord on Postgres. The URL of the system database,
# where the application has its tables too, is in DBOS_SYSTEM_DATABASE_URL.
require "active_record"
require "dbosc"

# In a model's callback (after_create) this is one of its own transaction as well.
class Parcel < ActiveRecord::Base
  def self.place(client, item)
    prepared = client.prepare_enqueue(workflow_name: "ship", queue_name: "parcels", args: [item])
    transaction do
      create!(item: item, workflow_id: prepared.workflow_id)
      prepared.statements.each { |statement| connection.raw_connection.exec_params(statement.sql, statement.params) }
      raise ActiveRecord::Rollback if item.empty?
    end
    prepared.workflow_id
  end
end

url = ENV.fetch("DBOS_SYSTEM_DATABASE_URL")
ActiveRecord::Base.establish_connection(url)
ActiveRecord::Base.connection.create_table(:parcels, force: true) do |table|
  table.string :item
  table.string :workflow_id
end

DBOSC::Client.open(system_database_url: url) do |client|
  placed = [Parcel.place(client, "a book"), Parcel.place(client, "")]
  puts "statuses: #{placed.map { |id| client.get_workflow(workflow_id: id).workflow&.status.inspect }.join(", ")}"
  puts "parcels: #{Parcel.count}"
end
