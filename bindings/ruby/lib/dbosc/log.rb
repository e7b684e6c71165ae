# frozen_string_literal: true

module DBOSC
  # Has the library tell `logger` what it tells of itself, for the whole process and all its clients: connections that
  # are lost and come back, clients that open and close, and at the level debug calls and retries (docs/logging.md lists
  # the events). `logger` is a ::Logger, or anything else with its methods debug, info, warn, error and level, such as
  # Rails.logger; each line goes to the method of its level, as a LogLine. Told is what the logger takes by its level
  # now, which may be a number as ::Logger has it or a name.
  #
  # What an earlier call began ends first, as by LogTaker#close; nil does only that. So does the end of the process,
  # which waits for a logger no longer than a second. One thread calls the logger, always. An error that the logger
  # raises costs that line; the first is warned of.
  #
  # A forked child logs nothing until it calls this itself.
  #
  # Raises ArgumentError for what is no logger, and InvalidStateError (`in_callback`) where a logger calls this.
  # @return [LogTaker, nil]
  def self.log_to(logger)
    LogTaker.replace(logger && LogTaker.new(logger))
  end

  # What DBOSC.log_to began: a thread that hands the lines of the library's queue to a logger.
  class LogTaker
    # As ::Logger numbers them.
    LEVELS = %w[debug info warn error].freeze
    # The library's wait cannot be cancelled, and to turn the log off would end it only at the price of what is queued.
    # So each wait is short, as a thread that is killed ends with it. Nobody who closes waits for that.
    WAIT_MS = 100
    # The status of a wait in which nothing was told.
    TIMEOUT = Errors::BY_STATUS.index(TimeoutError)
    # So many are taken at once: after each wait Ruby's lock may be long in coming, where other threads are busy.
    BATCH = 256
    # A little more than the library's queue holds, so that closing has an end however much is told meanwhile.
    QUEUE = 1100
    # The end of the process waits so many seconds for a logger that hangs.
    EXIT = 1
    private_constant :LEVELS, :WAIT_MS, :TIMEOUT, :BATCH, :QUEUE, :EXIT

    # The library has one log.
    @mutex = Mutex.new
    @current = nil

    class << self
      def replace(successor) # :nodoc:
        exclusively do
          finish_current
          @current = successor
          successor&.start
        end
        successor
      end

      def close(taker) # :nodoc:
        exclusively { finish_current if @current.equal?(taker) }
      end

      # On a thread of its own, which may be left behind.
      def close_at_exit # :nodoc:
        Thread.new { replace(nil) }.join(EXIT) if @current
      end

      private

      def exclusively(&block)
        if @current&.calling?
          raise Errors.own(InvalidStateError, "INVALID_STATE", "in_callback",
                           "a logger must not begin or end the library's log, which would wait for it")
        end
        @mutex.synchronize(&block)
      end

      # The queue is the next one's only when nobody else takes from it any more.
      def finish_current
        @current&.finish
        @current = nil
      end
    end

    # Made by DBOSC.log_to.
    def initialize(logger) # :nodoc:
      missing = [*LEVELS, "level"].reject { |method| logger.respond_to?(method) }
      raise ArgumentError, "#{logger.class} is no logger: it has no #{missing.join(", ")}" unless missing.empty?

      @logger = logger
      @level = level_of(logger)
      @rest = []
    end

    # Turns the library's log off and returns when all that was told before is logged. Once more, or after another
    # DBOSC.log_to, does nothing. In a forked child only that child's log is turned off. Raises InvalidStateError
    # (`in_callback`) where the logger calls it.
    def close
      LogTaker.close(self)
      nil
    end

    def start # :nodoc:
      Waiting.succeed(Raw.queue_log(@level))
      @thread = Thread.new { run }
      @thread.name = "dbosc log"
    end

    # To turn the log off empties its queue and wakes the thread.
    def finish # :nodoc:
      @rest.concat(Raw.log_take(QUEUE))
      Waiting.succeed(Raw.queue_log("off"))
      @thread&.join
    end

    # Whether this is the thread that calls the logger.
    def calling? # :nodoc:
      @thread == Thread.current
    end

    private

    # The library's word for the level of the logger.
    def level_of(logger)
      level = logger.level
      return LEVELS.fetch([level, 0].max, "off") if level.is_a?(Integer)

      name = level.to_s.downcase
      return "debug" if name == "trace"

      LEVELS.include?(name) ? name : "off"
    end

    def run
      nil while take
      @rest.each { |line| hand(line) }
    end

    # False where lines no longer go into the queue.
    def take
      status, line = Raw.log_next(WAIT_MS)
      hand(line) if status.zero?
      Raw.log_take(BATCH).each { |each| hand(each) }
      status.zero? || status == TIMEOUT
    end

    def hand(text)
      line = LogLine.new(text)
      @logger.public_send(line.level, line)
    rescue StandardError, ScriptError => e
      complain(e) unless @complained
    end

    # The standard error may be closed.
    def complain(error)
      @complained = true
      warn("dbosc: a line was not logged, as the logger raised #{error.class}: #{error.message}; " \
           "further errors are not shown")
    rescue StandardError
      nil
    end

    at_exit { close_at_exit }
  end
end
