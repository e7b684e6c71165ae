# frozen_string_literal: true

module DBOSC
  # Connections to one system database. For any number of threads and fibers. Every operation is a method with the
  # operation's name, its keys as keyword arguments; durations are seconds, instants are Times.
  #
  # Any call ends at once when Timeout or Ctrl-C interrupts it; other threads run meanwhile, and with a fiber scheduler
  # other fibers do.
  class Client
    include JoiningOperations
    include LoneOperations
    include JsonCalls

    # Opens a client, which connects and checks the schema unless `lazy: true`. The keys are those of Config. With a
    # block, gives the client to it, closes it in the end and returns the block's value.
    def self.open(**config)
      client = new(**config)
      return client unless block_given?

      begin
        yield client
      ensure
        client.close
      end
    end

    # The same without a block.
    def initialize(**config)
      @connection = Connection.new(Json.generate(Config.new(**config).to_wire))
      ObjectSpace.define_finalizer(self, @connection.net)
    end

    # The same operations without waiting, each of which returns a Future.
    # @return [Async]
    def async
      Async.new(@connection)
    end

    # Starts a workflow as `enqueue` does, and returns its handle.
    # @return [Handle]
    def enqueue_workflow(**keys)
      Handle.new(self, enqueue(**keys).workflow_id)
    end

    # The handle of an existing workflow. Raises NotFoundError where there is none.
    # @return [Handle]
    def retrieve_workflow(workflow_id)
      Handle.new(self, workflow_id).tap { |handle| handle.get_status(load_input: false, load_output: false) }
    end

    # Runs the block in a transaction, which is committed when the block returns and rolled back when it raises or is
    # left otherwise. Returns the block's value.
    # @yieldparam transaction [Transaction]
    def transaction(timeout: nil)
      request = timeout ? Json.generate({ "timeout_ms" => Types::Duration.encode(timeout) }) : nil
      transaction = Transaction.new(@connection, request)
      value = yield transaction
      transaction.commit
      value
    ensure
      transaction&.release
    end

    # The workflows that match, page by page as they are needed. Takes the keys of list_workflows; `limit` is a page's.
    # @return [Enumerator<Workflow>] without a block
    def each_workflow(**keys, &block)
      return to_enum(:each_workflow, **keys) unless block

      cursor = keys.delete(:cursor)
      loop do
        page = list_workflows(**keys, cursor:)
        page.workflows.each(&block)
        cursor = page.next_cursor or return self
      end
    end

    # The values of a stream from `offset` on, waiting for each, until the stream is closed or its workflow is over.
    # `timeout` bounds each wait: a stream that gives nothing for so long raises TimeoutError.
    # @return [Enumerator] without a block
    def each_value(workflow_id:, key:, offset: 0, timeout: nil, **keys, &block)
      return to_enum(:each_value, workflow_id:, key:, offset:, timeout:, **keys) unless block

      loop do
        page = read_stream(workflow_id:, key:, offset:, timeout:, **keys)
        page.values.each(&block)
        return self if page.closed
        raise stream_timeout(key, timeout) if page.values.empty?

        offset = page.next_offset
      end
    end

    # Ends what is in flight with ClosedError and waits for its end. Once more does nothing.
    def close
      @connection.close
    end

    def closed?
      @connection.closed?
    end

    def inspect
      "#<#{self.class}#{" closed" if closed?}>"
    end

    private

    def invoke(operation, values)
      wait_for(@connection.submit(operation, operation.request(values)))
    end

    # A call that is left before its end (Timeout, Ctrl-C) is cancelled.
    def wait_for(future)
      future.value
    ensure
      future.cancel
    end

    def stream_timeout(key, seconds)
      Errors.own(TimeoutError, "TIMEOUT", "stream_timeout", "the stream #{key} gave nothing within #{seconds} s")
    end
  end
end
