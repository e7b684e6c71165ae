# frozen_string_literal: true

require_relative "support"

Support::DatabaseCase.on_each_database("Client") do
  define_method(:test_a_block_has_a_client_that_is_closed_in_the_end) do
    kept = nil
    value = DBOSC::Client.open(system_database_url: url) do |client|
      kept = client
      assert client.check_connection.connected
      :value
    end
    assert_equal :value, value
    assert_predicate kept, :closed?
  end

  define_method(:test_a_closed_client_refuses_calls_and_may_be_closed_again) do
    client.close
    client.close
    refused(DBOSC::ClosedError) { client.list_queues }
    refused(DBOSC::ClosedError) { client.async.list_queues }
    refused(DBOSC::ClosedError) { client.transaction { flunk } }
  end

  define_method(:test_closing_ends_the_calls_in_flight) do
    waits = Array.new(20) { client.async.get_result(workflow_id: "never") }
    blocked = Thread.new { refused(DBOSC::ClosedError) { client.get_result(workflow_id: "never") } }
    Support.eventually("the thread waits") { blocked.stop? }
    client.close
    waits.each { |wait| refused(DBOSC::ClosedError) { wait.value } }
    assert_instance_of DBOSC::ClosedError, blocked.value
  end

  define_method(:test_many_threads_may_close_it) do
    client.async.get_result(workflow_id: "never")
    Array.new(5) { Thread.new { client.close } }.each(&:join)
    assert_predicate client, :closed?
  end

  define_method(:test_a_transaction_outlives_no_client) do
    error = refused(DBOSC::ClosedError) do
      client.transaction do |transaction|
        client.close
        transaction.execute("SELECT 1")
      end
    end
    assert_equal "closed", error.kind
  end

  define_method(:test_a_client_that_nobody_closed_is_no_harm) do
    program = <<~RUBY
      require "dbosc"
      def forgotten(url)
        DBOSC::Client.open(system_database_url: url).async.get_result(workflow_id: "never")
        nil
      end
      5.times { forgotten(ARGV.first) }
      GC.start
      forgotten(ARGV.first)
      $stdout.write "end"
    RUBY
    assert_equal "end", Support.run_ruby("-e", program, url)
  end

  define_method(:test_a_forgotten_client_without_calls_is_closed_by_the_collector) do
    reader = -> { Thread.list.select { |thread| thread.name == "dbosc" } }
    before = reader.call
    Thread.new { 5.times { DBOSC::Client.open(system_database_url: url) } }.join
    Support.eventually("a client is collected") do
      GC.start
      (reader.call - before).size < 5
    end
  end
end

class OpeningTest < Minitest::Test
  def test_a_database_that_is_not_there_is_told
    error = assert_raises(DBOSC::NotFoundError) { DBOSC::Client.open(system_database_url: "sqlite:////nowhere/a.sqlite") }
    assert_equal "database_missing", error.kind
    assert_equal "NOT_FOUND", error.status
    refute_predicate error, :retryable?
  end

  def test_a_key_that_is_not_known_is_rubys_own_error
    assert_raises(ArgumentError) { DBOSC::Client.open(system_database_uri: "sqlite:////nowhere/a.sqlite") }
  end

  def test_a_wrong_value_is_told_with_its_key
    error = assert_raises(DBOSC::InvalidArgumentError) { DBOSC::Client.open(system_database_url: "sqlite:///a", pool_size: 0) }
    assert_equal "pool_size", error.path
  end

  def test_opening_ends_at_once_when_it_is_interrupted
    server = TCPServer.new("127.0.0.1", 0)
    url = "postgresql://127.0.0.1:#{server.addr[1]}/nobody?sslmode=disable"
    opening = Thread.new { DBOSC::Client.open(system_database_url: url, startup_timeout: 3600) }
    opening.report_on_exception = false
    connection = server.accept
    opening.raise(Interrupt)
    assert_raises(Interrupt) { Timeout.timeout(Support::LONG) { opening.value } }
  ensure
    connection&.close
    server&.close
  end

  def test_the_library_tells_its_version
    assert_match(/\A\d+\.\d+\.\d+\z/, DBOSC.library_version)
  end
end
