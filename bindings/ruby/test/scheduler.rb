# frozen_string_literal: true

# A small fiber scheduler: what Ruby asks of one, without speed.
class Scheduler
  def initialize
    @ready = Thread::Queue.new
    @sleepers = {}
    @readers = {}
    @blocked = 0
    @wake_reader, @wake_writer = IO.pipe
  end

  def run
    until @ready.empty? && @sleepers.empty? && @readers.empty? && @blocked.zero?
      readable, = IO.select([@wake_reader, *@readers.keys], nil, nil, pause)
      Array(readable).each { |io| io == @wake_reader ? io.read_nonblock(100, exception: false) : @readers.delete(io).resume }
      due.each { |fiber| @sleepers.delete(fiber) && fiber.resume }
      @ready.size.times { @ready.pop.resume }
    end
  end

  def close
    run
  end

  def fiber(&block)
    Fiber.new(blocking: false, &block).tap(&:resume)
  end

  # With a timeout, or until `unblock`, which any thread may call.
  def block(_blocker, timeout = nil)
    fiber = Fiber.current
    @sleepers[fiber] = now + timeout if timeout
    @blocked += 1
    Fiber.yield
    @sleepers.delete(fiber)
    true
  ensure
    @blocked -= 1
  end

  def unblock(_blocker, fiber)
    @ready << fiber
    @wake_writer.write_nonblock(".", exception: false)
  end

  def kernel_sleep(duration = nil)
    block(:sleep, duration)
  end

  def io_wait(io, _events, _timeout)
    @readers[io] = Fiber.current
    Fiber.yield
    IO::READABLE
  end

  private

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end

  def pause
    return 0 unless @ready.empty?

    first = @sleepers.values.min
    first && [first - now, 0].max
  end

  def due
    at = now
    @sleepers.select { |_, wake| wake <= at }.keys
  end
end
