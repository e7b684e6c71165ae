# frozen_string_literal: true

module DBOSC
  # One workflow of a client.
  class Handle
    # Its id.
    attr_reader :workflow_id

    def initialize(client, workflow_id) # :nodoc:
      @client = client
      @workflow_id = workflow_id
      freeze
    end

    # Waits until it is over and returns what it returned. Raises WorkflowFailedError, WorkflowCancelledError, or
    # TimeoutError after so many seconds (nil: without end).
    def get_result(timeout: nil, payloads: nil)
      @client.get_result(workflow_id:, timeout:, payloads:).result
    end

    # The workflow as it stands. Raises NotFoundError where it is not there, or no more.
    # @return [Workflow]
    def get_status(**keys)
      @client.get_workflow(workflow_id:, **keys).workflow ||
        raise(Errors.own(NotFoundError, "NOT_FOUND", "non_existent_workflow", "there is no workflow #{workflow_id}"))
    end

    # Its event's value once it is set; nil where it is not within the timeout (see Client#get_event).
    def get_event(key, **keys)
      @client.get_event(workflow_id:, key:, **keys).value
    end

    # Sends it a message.
    # @return [SendReply]
    def send_message(message, **keys)
      @client.send(destination_id: workflow_id, message:, **keys)
    end

    # What became of it: "cancelled", "unchanged" or "not_found".
    def cancel(**keys)
      @client.cancel_workflows(workflow_ids: [workflow_id], **keys).outcomes.first.outcome
    end

    # What became of it: "resumed", "unchanged" or "not_found".
    def resume(**keys)
      @client.resume_workflows(workflow_ids: [workflow_id], **keys).outcomes.first.outcome
    end

    # Its stream's values, as Client#each_value.
    def each_value(key, **keys, &block)
      @client.each_value(workflow_id:, key:, **keys, &block)
    end

    def inspect
      "#<#{self.class} #{workflow_id}>"
    end
  end
end
