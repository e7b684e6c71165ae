# frozen_string_literal: true

require_relative "support"

Support::DatabaseCase.on_each_database("Fork") do
  define_method(:test_a_child_is_told_to_open_a_client_of_its_own) do
    client.list_queues
    assert_equal ["forked", "forked", true], (Support.in_child do
      kinds = [-> { client.list_queues }, -> { client.transaction { nil } }].map do |call|
        call.call
      rescue DBOSC::ForkedError => e
        e.kind
      end
      client.close
      [*kinds, GC.start.nil?]
    end)
    assert client.check_connection.connected
  end
end

class ForkTest < Minitest::Test
  def test_a_child_may_open_its_own
    url = Support::Databases.url("postgres")
    parent = DBOSC::Client.open(system_database_url: url)
    program = fork do
      connected = DBOSC::Client.open(system_database_url: url) { |client| client.check_connection.connected }
      exit!(connected ? 0 : 1)
    end
    assert_predicate Process.wait2(program).last, :success?
    assert parent.check_connection.connected
  ensure
    parent&.close
  end
end
