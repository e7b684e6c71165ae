# frozen_string_literal: true

module DBOSC
  # A call that was started and may not be over. Holds no thread. Any number of threads and fibers may wait for it.
  class Future
    # Made by DBOSC::Client#async.
    def initialize(operation, cancel)
      @operation = operation
      @cancel = cancel
      @mutex = Mutex.new
      @ended = ConditionVariable.new
      @outcome = nil
    end

    # The operation's reply, once the call is over; raises its error. Waits without end, as the call itself ends by its
    # own timeout; interrupted (by Timeout, by Ctrl-C), the call goes on.
    def value
      wait
      status, reply, error = @outcome
      raise Errors.build(status, error) unless status.zero?

      @value ||= @operation.answer(reply)
    end

    # Waits until it is over, at most so many seconds. Returns itself, or nil where it is not over by then.
    def wait(seconds = nil)
      deadline = seconds && (now + seconds)
      @mutex.synchronize do
        until @outcome
          left = deadline && (deadline - now)
          return nil if left && left <= 0

          @ended.wait(@mutex, left)
        end
      end
      self
    end

    # Whether it is over, well or not.
    def done?
      !@outcome.nil?
    end

    # Ends it with DBOSC::CancelledError, or with what has become of it already. Does not wait.
    def cancel
      @mutex.synchronize { Raw.cancel_trigger(@cancel) unless @outcome }
      self
    end

    # The outcome's arrival: the status, and the text of a reply or of an error.
    def end_with(outcome) # :nodoc:
      @mutex.synchronize do
        @outcome = outcome
        Raw.cancel_free(@cancel)
        @ended.broadcast
      end
    end

    private

    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end
  end
end
