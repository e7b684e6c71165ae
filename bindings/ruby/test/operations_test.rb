# frozen_string_literal: true

require_relative "support"

Support::DatabaseCase.on_each_database("Operations") do
  def queue
    @queue ||= "q-#{SecureRandom.hex(6)}"
  end

  define_method(:test_instants_are_times_and_durations_are_seconds) do
    deadline = Time.at(4_000_000_000.125r)
    id = waiting_workflow(deadline: deadline, delay: 3600).workflow_id
    workflow = client.get_workflow(workflow_id: id).workflow
    assert_equal deadline, workflow.deadline_at
    assert_equal 3600, (workflow.delay_until - workflow.created_at).round
    assert_predicate workflow.created_at, :utc?
    id = waiting_workflow(workflow_timeout: 1.5r).workflow_id
    assert_equal 1.5, client.get_workflow(workflow_id: id).workflow.workflow_timeout
  end

  define_method(:test_what_is_no_instant_and_no_duration_is_refused) do
    refused(TypeError) { waiting_workflow(deadline: Object.new) }
    refused(TypeError) { waiting_workflow(delay: "3 s") }
    refused(ArgumentError) { waiting_workflow(delay: Float::INFINITY) }
  end

  define_method(:test_a_key_is_kept_unless_it_is_given_and_cleared_by_nil) do
    client.register_queue(name: queue, global_concurrency: 3, worker_concurrency: 2, polling_interval: 2.5,
                          rate_limit: { limit: 10, period: 60 })
    kept = client.update_queue(name: queue, worker_concurrency: 1).queue
    assert_equal [3, 1, 2.5], [kept.global_concurrency, kept.worker_concurrency, kept.polling_interval]
    assert_equal 60.0, kept.rate_limit.period
    cleared = client.update_queue(name: queue, global_concurrency: nil, rate_limit: nil).queue
    assert_nil cleared.global_concurrency
    assert_nil cleared.rate_limit
    assert_equal 1, cleared.worker_concurrency
    assert_instance_of Time, cleared.created_at
  end

  define_method(:test_objects_are_hashes_or_values) do
    options = DBOSC::WorkflowOptions.new(workflow_name: "nobody", queue_name: queue, args: [1])
    reply = client.enqueue_many(workflows: [options, { workflow_name: "nobody", queue_name: queue, delay: 60 }])
    assert_equal %w[created created], reply.outcomes.map(&:outcome)
    refused(ArgumentError) { client.enqueue_many(workflows: [{ workflow_name: "nobody" }]) }
    refused(TypeError) { client.enqueue_many(workflows: ["nobody"]) }
    refused(ArgumentError) { client.enqueue(workflow_name: "nobody", queue_name: queue, arguments: []) }
  end

  define_method(:test_replies_are_values) do
    id = waiting_workflow.workflow_id
    first, second = Array.new(2) { client.get_workflow(workflow_id: id).workflow }
    assert_equal first, second
    assert_equal first.hash, second.hash
    assert_predicate first, :frozen?
    case first
    in { status: "ENQUEUED", workflow_id: found } then assert_equal id, found
    end
    assert_includes first.inspect, id
    assert_nil client.get_workflow(workflow_id: "none").workflow
  end

  define_method(:test_an_enumeration_may_be_a_symbol_or_a_constant) do
    waiting_workflow(workflow_id: id = SecureRandom.uuid)
    error = refused(DBOSC::ConflictError) { waiting_workflow(workflow_id: id, workflow_id_reuse_policy: :reject) }
    assert_equal ["workflow_id_in_use", id], [error.kind, error.workflow_id]
    same = waiting_workflow(workflow_id: id, workflow_id_reuse_policy: DBOSC::Values::WorkflowIdReusePolicy::RETURN_EXISTING)
    assert_equal id, same.workflow_id
  end

  define_method(:test_workflows_are_listed_page_by_page) do
    ids = Array.new(5) { waiting_workflow(class_name: queue).workflow_id }
    listed = client.each_workflow(class_name: queue, limit: 2).map(&:workflow_id)
    # Those of one millisecond stand in the order of their ids.
    assert_equal ids.sort, listed.sort
    assert_equal listed.first(3), client.each_workflow(class_name: queue, limit: 2).lazy.map(&:workflow_id).first(3)
  end

  define_method(:test_handles_act_on_their_workflow) do
    handle = client.retrieve_workflow(waiting_workflow.workflow_id)
    assert_equal "ENQUEUED", handle.get_status.status
    assert_equal "cancelled", handle.cancel
    refused(DBOSC::WorkflowCancelledError) { handle.get_result }
    assert_equal "resumed", handle.resume
    handle.send_message({ "text" => "hello" }, topic: "t")
    assert_equal [{ "text" => "hello" }], client.list_messages(workflow_id: handle.workflow_id).messages.map(&:message)
    assert_nil handle.get_event("none", timeout: 1)
    refused(DBOSC::TimeoutError) { handle.get_result(timeout: 0) }
    refused(DBOSC::NotFoundError) { client.retrieve_workflow("none") }
  end

  define_method(:test_send_is_still_every_objects_own) do
    assert_equal client.inspect, client.send(:inspect)
    id = waiting_workflow.workflow_id
    refute_nil client.send(destination_id: id, message: nil).message_id
    assert_equal [nil], client.list_messages(workflow_id: id).messages.map(&:message)
    refused(DBOSC::NotFoundError) { client.send(destination_id: "none", message: 1) }
  end

  define_method(:test_a_transaction_counts_when_its_block_returns) do
    value = client.transaction do |transaction|
      transaction.enqueue(workflow_name: "nobody", queue_name: queue)
      found = transaction.execute("SELECT count(*) AS n FROM #{kind == "postgres" ? "dbos." : ""}workflow_status WHERE queue_name = " \
                                  "#{kind == "postgres" ? "$1" : "?"}", [queue])
      [found.columns, found.rows]
    end
    assert_equal [["n"], [[1]]], value
    assert_equal 1, client.count_workflows(queue_name: queue).count
  end

  define_method(:test_a_transaction_counts_not_when_its_block_is_left) do
    catch(:leave) do
      client.transaction do |transaction|
        transaction.enqueue(workflow_name: "nobody", queue_name: queue)
        throw :leave
      end
    end
    kept = nil
    refused(IOError) do
      client.transaction do |transaction|
        kept = transaction
        transaction.enqueue(workflow_name: "nobody", queue_name: queue)
        raise IOError
      end
    end
    assert_equal 0, client.count_workflows(queue_name: queue).count
    refused(DBOSC::InvalidStateError) { kept.list_queues }
  end

  define_method(:test_prepared_statements_are_for_other_drivers) do
    prepared = client.prepare_enqueue(workflow_name: "nobody", queue_name: queue, workflow_id: id = SecureRandom.uuid)
    assert_equal id, prepared.workflow_id
    client.transaction do |transaction|
      prepared.statements.each { |statement| transaction.execute(statement.sql, statement.params) }
    end
    assert_equal "ENQUEUED", client.get_workflow(workflow_id: id).workflow.status
  end
end
