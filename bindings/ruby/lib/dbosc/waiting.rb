# frozen_string_literal: true

module DBOSC
  # Calls of the library that wait in it, each made on a thread of its own: the caller's waits for that one as it does
  # for any other, so that Timeout, Ctrl-C, signal handlers and fiber schedulers work as ever.
  module Waiting
    module_function

    # What the block gives, which is handed a cancel token for its call. Interrupted, triggers the token and waits for
    # the end of the block.
    def run(&block)
      cancel = Raw.cancel_new
      thread = Thread.new(cancel, &block)
      thread.report_on_exception = false
      thread.value
    ensure
      if thread&.alive?
        Raw.cancel_trigger(cancel)
        thread.join
      end
    end

    # The handle (if any) and the reply of an outcome; raises its error.
    def succeed(outcome)
      status, reply, error, handle = outcome
      raise Errors.build(status, error) unless status.zero?

      handle || reply
    end
  end
  private_constant :Waiting
end
