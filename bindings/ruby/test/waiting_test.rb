# frozen_string_literal: true

require_relative "support"
require_relative "scheduler"

Support::DatabaseCase.on_each_database("Waiting") do
  def wait_for_nobody
    client.get_result(workflow_id: waiting_workflow.workflow_id)
  end

  define_method(:test_timeout_ends_a_waiting_call) do
    # The client's own wait has no end.
    assert_raises(Timeout::Error) { Timeout.timeout(0.05) { wait_for_nobody } }
    assert client.check_connection.connected
  end

  define_method(:test_an_exception_from_another_thread_ends_a_waiting_call) do
    waiter = Thread.new { wait_for_nobody }
    waiter.report_on_exception = false
    Support.eventually("it waits") { waiter.stop? }
    waiter.raise(IOError)
    assert_raises(IOError) { Timeout.timeout(Support::LONG) { waiter.value } }
  end

  define_method(:test_a_killed_thread_leaves_its_call) do
    waiter = Thread.new { wait_for_nobody }
    Support.eventually("it waits") { waiter.stop? }
    waiter.kill
    assert waiter.join(Support::LONG)
    assert client.check_connection.connected
  end

  define_method(:test_ctrl_c_ends_a_waiting_program) do
    program = <<~RUBY
      require "dbosc"
      $stdout.sync = true
      # Whoever runs the tests in the background may have it ignored.
      trap(:INT, "DEFAULT")
      DBOSC::Client.open(system_database_url: ARGV.first) do |client|
        puts "WAITS"
        client.get_result(workflow_id: "never")
      end
    RUBY
    Open3.popen2(RbConfig.ruby, "-e", program, url, err: File::NULL) do |_, out, process|
      assert_equal "WAITS\n", out.gets
      Process.kill(:INT, process.pid)
      assert process.join(Support::LONG), "it goes on"
      assert_equal Signal.list["INT"], process.value.termsig
    ensure
      Process.kill(:KILL, process.pid) if process.alive?
    end
  end

  define_method(:test_a_signal_that_is_handled_does_not_end_a_call) do
    program = <<~RUBY
      require "dbosc"
      $stdout.sync = true
      trap(:USR1) { $stdout.write "HANDLED\\n" }
      DBOSC::Client.open(system_database_url: ARGV.first) do |client|
        handle = client.enqueue_workflow(workflow_name: "nobody", queue_name: "nobodys", workflow_id: ARGV.last)
        puts "WAITS"
        handle.get_result
      rescue DBOSC::WorkflowCancelledError
        puts "CANCELLED"
      end
    RUBY
    id = SecureRandom.uuid
    Open3.popen2(RbConfig.ruby, "-e", program, url, id) do |_, out, process|
      assert_equal "WAITS\n", out.gets
      Process.kill(:USR1, process.pid)
      assert_equal "HANDLED\n", out.gets
      DBOSC::Handle.new(client, id).cancel
      assert_equal "CANCELLED\n", out.gets
    end
  end

  define_method(:test_other_threads_run_while_one_waits) do
    waiter = Thread.new { wait_for_nobody }
    waiter.report_on_exception = false
    ticks = 0
    Support.eventually("ticks") { (ticks += 1) > 5 && waiter.stop? }
    waiter.kill.join
    assert_operator ticks, :>, 5
  end

  define_method(:test_a_thousand_waits_hold_no_thread) do
    threads = Thread.list.size
    id = waiting_workflow.workflow_id
    waits = Array.new(1000) { client.async.get_result(workflow_id: id) }
    assert_operator Thread.list.size, :<, threads + 50
    client.cancel_workflows(workflow_ids: [id])
    waits.each { |wait| refused(DBOSC::WorkflowCancelledError) { wait.value } }
  end

  define_method(:test_a_future_tells_whether_it_is_over) do
    wait = client.async.get_result(workflow_id: "never")
    refute_predicate wait, :done?
    assert_nil wait.wait(0.01)
    wait.cancel
    assert_same wait, wait.wait(Support::LONG)
    assert_predicate wait, :done?
    2.times { refused(DBOSC::CancelledError) { wait.value } }
    assert_same wait, wait.cancel
  end

  define_method(:test_a_future_gives_the_reply) do
    future = client.async.enqueue(workflow_name: "nobody", queue_name: "nobodys", workflow_id: id = SecureRandom.uuid)
    assert_equal id, future.value.workflow_id
    assert_same future.value, future.value
    refused(DBOSC::InvalidArgumentError) { client.async.enqueue(workflow_name: "", queue_name: "", priority: "first") }
  end

  define_method(:test_fibers_take_turns_while_they_wait) do
    id = waiting_workflow.workflow_id
    seen = []
    run_fibers do
      2.times do
        Fiber.schedule do
          seen << :waits
          client.get_result(workflow_id: id)
        rescue DBOSC::WorkflowCancelledError
          seen << :cancelled
        end
      end
      Fiber.schedule { seen << client.cancel_workflows(workflow_ids: [id]).outcomes.first.outcome }
    end
    assert_equal [:waits, :waits, "cancelled", :cancelled, :cancelled], seen
  end

  define_method(:test_fibers_join_transactions_and_open_clients) do
    run_fibers do
      Fiber.schedule do
        DBOSC::Client.open(system_database_url: url) do |client|
          client.transaction { |transaction| transaction.enqueue(workflow_name: "nobody", queue_name: "nobodys") }
        end
      end
    end
  end

  # One thread with a fiber scheduler, until its fibers are over.
  def run_fibers
    Thread.new do
      Fiber.set_scheduler(Scheduler.new)
      yield
    end.value
  end
end
