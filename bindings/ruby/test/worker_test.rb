# frozen_string_literal: true

require_relative "support"

Support::DatabaseCase.on_each_database("Worker") do
  def setup
    super
    Support::Worker.on(url)
  end

  def start(name, *args, **keys)
    client.enqueue_workflow(workflow_name: name, queue_name: "q", args: args, **keys)
  end

  define_method(:test_a_result_comes_back) do
    assert_equal 10**30 + 2, start("add", 10**30, 2).get_result(timeout: Support::LONG)
    assert_nil start("echo", nil).get_result(timeout: Support::LONG)
    kwargs = { name: "Ada", "more" => [1, nil] }
    handle = client.enqueue_workflow(workflow_name: "kwargs_echo", queue_name: "q", kwargs: kwargs)
    assert_equal({ "name" => "Ada", "more" => [1, nil] }, handle.get_result(timeout: Support::LONG))
  end

  define_method(:test_a_failure_has_the_remote_name_and_message) do
    error = refused(DBOSC::WorkflowFailedError) { start("fail", "böse 😀").get_result(timeout: Support::LONG) }
    assert_equal ["ValueError", "böse 😀"], [error.name, error.remote_message]
    assert_includes error.message, "böse 😀"

    handle = start("fail_portable", "Refused", "no", 7, { "a" => [1] })
    error = refused(DBOSC::WorkflowFailedError) { handle.get_result(timeout: Support::LONG) }
    assert_equal [7, { "a" => [1] }], error.workflow_error.values_at("code", "data")
    assert_equal handle.workflow_id, error.workflow_id
  end

  define_method(:test_messages_go_in_and_events_come_out) do
    handle = start("receive", "topic")
    handle.send_message({ "text" => "😀" }, topic: "topic")
    assert_equal({ "text" => "😀" }, handle.get_result(timeout: Support::LONG))
    assert_equal 3, start("events", 3).tap { |events| events.get_result(timeout: Support::LONG) }.get_event("progress")
  end

  define_method(:test_a_stream_is_read_while_it_is_written) do
    handle = start("relay")
    values = handle.each_value("log", timeout: Support::LONG)
    [1, "zwei", [3]].each do |value|
      handle.send_message(value, topic: "value")
      assert_equal value, values.next
    end
    handle.send_message(nil, topic: "value")
    assert_raises(StopIteration) { values.next }
    assert_equal [1, "zwei", [3]], handle.each_value("log").to_a
    handle.send_message("end", topic: "go")
    assert_equal "end", handle.get_result(timeout: Support::LONG)
  end

  define_method(:test_a_stream_that_gives_nothing_runs_out_of_time) do
    handle = start("block")
    refused(DBOSC::TimeoutError) { handle.each_value("log", timeout: 0.5).to_a }
    handle.send_message(nil, topic: "go")
  end

  define_method(:test_many_results_are_awaited_at_once) do
    waits = Array.new(50) do |number|
      client.async.get_result(workflow_id: start("echo", number).workflow_id, timeout: Support::LONG)
    end
    assert_equal (0...50).to_a, waits.map { |wait| wait.value.result }
  end
end
