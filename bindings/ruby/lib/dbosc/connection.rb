# frozen_string_literal: true

require "io/wait"

module DBOSC
  # The life of one client of the library: calls are submitted to one queue, whose end is told by a descriptor that one
  # thread watches. Knows nothing of operations.
  class Connection # :nodoc:
    # So many are taken from the queue at once.
    BATCH = 256

    def initialize(config)
      @pid = Process.pid
      @mutex = Mutex.new
      @idle = ConditionVariable.new
      @pending = {}
      @running = {}
      @tag = 0
      @client = Waiting.succeed(Waiting.run { |cancel| Raw.open(config, cancel) })
      @completions = Waiting.succeed(Raw.completions_new)
      @reader = Thread.new { read }
      @reader.name = "dbosc"
    end

    # Starts a call.
    def submit(operation, request)
      cancel = Raw.cancel_new
      future = Future.new(operation, cancel)
      # Nothing may come between the entry and the submit that it stands for.
      Thread.handle_interrupt(Object => :never) do
        tag = enter(future)
        status, _, error = Raw.submit(@client, operation.name, request, cancel, @completions, tag)
        next if status.zero?

        leave(tag)
        raise Errors.build(status, error)
      end
      future
    end

    # A call on another handle of this client: the block is given the client and a cancel token. Closing waits for it.
    def use
      Waiting.run do |cancel|
        @mutex.synchronize do
          check
          @running[cancel] = true
        end
        begin
          Waiting.succeed(yield(@client, cancel))
        ensure
          @mutex.synchronize do
            @running.delete(cancel)
            @idle.broadcast
          end
        end
      end
    end

    def closed?
      !@closing.nil?
    end

    # Ends what is in flight and waits for that; once more only waits.
    def close
      return if forked?

      @mutex.synchronize { @closing ||= Thread.new { finish } }.join
      nil
    end

    # Closes in the background when the collector has taken the client. It may have interrupted whoever holds the lock.
    def net
      proc do
        Thread.new { close } unless closed?
      rescue ThreadError
        nil # The process is about to end.
      end
    end

    private

    def forked?
      Process.pid != @pid
    end

    def check
      if forked?
        raise Errors.own(ForkedError, "INVALID_STATE", "forked",
                         "this client was opened by the parent process: open one in the child")
      end
      raise Errors.own(ClosedError, "INVALID_STATE", "closed", "this client is closed") if closed?
    end

    def enter(future)
      @mutex.synchronize do
        check
        @pending[@tag += 1] = future
        @tag
      end
    end

    def leave(tag)
      @mutex.synchronize do
        @pending.delete(tag)
        @idle.broadcast if @pending.empty?
      end
    end

    # The reader's thread. The wait honours what ends threads; the queue is never read where it could block.
    def read
      ready = IO.for_fd(Raw.completions_fd(@completions), autoclose: false)
      loop do
        ready.wait_readable
        Raw.completions_take(@completions, BATCH).each do |tag, *outcome|
          @mutex.synchronize { @pending[tag] }.end_with(outcome)
          leave(tag)
        end
      end
    end

    def finish
      @mutex.synchronize { @running.each_key { |cancel| Raw.cancel_trigger(cancel) } }
      Raw.shutdown(@client, -1)
      @mutex.synchronize { @idle.wait(@mutex) until @pending.empty? && @running.empty? }
      @reader.kill.join
      Raw.client_free(@client)
      Raw.completions_free(@completions)
    end
  end
  private_constant :Connection
end
