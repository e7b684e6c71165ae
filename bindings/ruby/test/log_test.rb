# frozen_string_literal: true

require_relative "support"
require "logger"
require "stringio"

# What the library tells of itself, in a logger.
class LogTest < Minitest::Test
  # A logger of no known class, which keeps [method, line] of what it is given.
  class Told
    attr_accessor :level
    attr_reader :kept

    def initialize(level = Logger::INFO, &before)
      @level = level
      @before = before
      @kept = []
    end

    %i[debug info warn error].each do |method|
      define_method(method) do |line|
        @before&.call(line)
        @kept << [method, line]
      end
    end

    # The applications whose clients were opened.
    def opened
      @kept.map(&:last).select { |line| line.event == "client_opened" }.map { |line| line.fields["application_name"] }
    end

    def events
      @kept.map { |_, line| line.event }
    end
  end

  def teardown
    Timeout.timeout(Support::LONG) { DBOSC.log_to(nil) }
  end

  def close(taker)
    Timeout.timeout(Support::LONG) { taker.close }
  end

  # Tells that it was opened and closed; asks no database.
  def open_client(name, &block)
    block ||= proc {}
    DBOSC::Client.open(system_database_url: "sqlite:////nowhere/a.sqlite", lazy: true, application_name: name, &block)
  end

  def thread
    Thread.list.find { |each| each.name == "dbosc log" }
  end

  def test_a_logger_gets_message_event_and_fields_at_the_level_of_the_line
    out = StringIO.new
    taker = DBOSC.log_to(Logger.new(out, level: :warn))
    assert_raises(DBOSC::Error) do
      DBOSC::Client.open(system_database_url: "postgresql://u:s3cret@127.0.0.1:1/db", lazy: true, default_timeout: 0.1,
                         &:list_queues)
    end
    close(taker)
    assert_match(/\AW, \[.+\]  WARN -- : dbosc: \S.+ event=outage_begin client=\d+ kind=connection_failed/, out.string)
    refute_includes out.string, "s3cret"
  end

  def test_a_line_has_parts
    before = Time.now - 1
    taker = DBOSC.log_to(told = Told.new)
    open_client("gö \"😀\"")
    close(taker)
    method, line = told.kept.first
    assert_equal [:info, :info, "client_opened"], [method, line.level, line.event]
    assert_equal "gö \"😀\"", line.fields["application_name"]
    assert_kind_of Integer, line.fields["client"]
    assert_empty line.fields.keys & %w[time level event message]
    assert_includes before..Time.now, line.time
    assert_equal "dbosc: #{line.message} event=client_opened client=#{line.fields["client"]} " \
                 "application_name=\"gö \\\"😀\\\"\" pool_size=#{line.fields["pool_size"]}", line
  end

  def test_lines_come_while_it_runs
    DBOSC.log_to(told = Told.new)
    %w[first second].each do |name|
      open_client(name)
      Support.eventually("#{name} is told") { told.opened.include?(name) }
    end
  end

  def test_the_level_is_the_loggers
    { Logger::DEBUG => %w[client_opened call client_closed], -1 => %w[client_opened call client_closed],
      Logger::INFO => %w[client_opened client_closed], :info => %w[client_opened client_closed],
      "TRACE" => %w[client_opened call client_closed], Logger::WARN => [], Logger::ERROR => [], Logger::FATAL => [],
      Logger::UNKNOWN => [], fatal: [] }.each do |level, events|
      taker = DBOSC.log_to(told = Told.new(level))
      open_client("app", &:client_stats)
      close(taker)
      assert_equal events, told.events, level
    end
  end

  def test_a_logger_has_what_loggers_have
    error = assert_raises(ArgumentError) { DBOSC.log_to($stdout) }
    assert_match(/IO is no logger.* level/, error.message)
  end

  def test_what_is_no_logger_ends_nothing
    taker = DBOSC.log_to(told = Told.new)
    assert_raises(ArgumentError) { DBOSC.log_to(Object.new) }
    open_client("app")
    close(taker)
    assert_equal ["app"], told.opened
  end

  def test_a_later_one_takes_over
    earlier = DBOSC.log_to(first = Told.new)
    open_client("first")
    later = DBOSC.log_to(second = Told.new)
    assert_equal %w[client_opened client_closed], first.events
    close(earlier)
    open_client("second")
    close(later)
    assert_equal %w[first], first.opened
    assert_equal %w[second], second.opened
  end

  def test_many_threads_may_take_over_and_close
    threads = Array.new(4) { Thread.new { 20.times { DBOSC.log_to(Told.new).close } } }
    threads.each { |each| assert each.join(Support::LONG) }
    assert_nil thread
  end

  def test_nil_ends_it
    DBOSC.log_to(told = Told.new)
    open_client("app")
    assert_nil DBOSC.log_to(nil)
    assert_nil thread
    open_client("untold")
    assert_equal ["app"], told.opened
  end

  def test_closing_again_does_nothing_and_the_log_is_off
    taker = DBOSC.log_to(Told.new)
    3.times { assert_nil close(taker) }
    assert_nil thread
    status, _, error, = DBOSC::Raw.log_next(0)
    assert_equal "no_log_queue", DBOSC::Errors.build(status, error).kind
  end

  def test_closing_hands_on_all_that_was_told_before
    gate = Thread::Queue.new
    told = Told.new { gate.pop }
    taker = DBOSC.log_to(told)
    names = Array.new(400) { |i| "app#{i}" }.each { |name| open_client(name) }
    closing = Array.new(2) { Thread.new { taker.close } }
    Support.eventually("both wait") { closing.all?(&:stop?) }
    gate.close
    closing.each { |each| assert each.join(Support::LONG) }
    assert_equal names, told.opened
    assert_equal 800, told.kept.size
  end

  def test_closing_has_an_end_while_more_is_told
    taker = DBOSC.log_to(Told.new(Logger::DEBUG))
    open_client("app") do |client|
      busy = Thread.new { loop { client.async.client_stats.wait } }
      close(taker)
      assert_predicate busy, :alive?
      busy.kill.join
    end
  end

  def test_a_logger_that_raises_costs_its_line_and_is_warned_of_once
    raises = { "first" => IOError, "second" => NotImplementedError }
    told = Told.new { |line| raises[line.fields["application_name"]]&.then { |error| raise error } }
    _, warned = capture_io do
      taker = DBOSC.log_to(told)
      %w[first second third].each { |name| open_client(name) }
      close(taker)
    end
    assert_equal ["third"], told.opened
    assert_equal %w[client_closed client_closed client_opened client_closed], told.events
    assert_equal 1, warned.lines.size
    assert_match(/\Adbosc: .*IOError/, warned)
  end

  def test_a_logger_must_not_end_what_calls_it
    kinds = []
    taker = nil
    ready = Thread::Queue.new
    told = Told.new do
      ready.pop
      [-> { DBOSC.log_to(nil) }, -> { taker.close }].each do |call|
        kinds << assert_raises(DBOSC::InvalidStateError, &call).kind
      end
    end
    taker = DBOSC.log_to(told)
    ready.close
    open_client("app")
    close(taker)
    assert_equal ["in_callback"] * 4, kinds
    assert_equal ["app"], told.opened
  end

  def test_other_threads_run_while_it_waits
    DBOSC.log_to(Told.new)
    # Only a thread that has given Ruby's lock away is ever seen so.
    Support.eventually("it waits without the lock") { thread.stop? }
  end

  def test_it_goes_on_when_nothing_was_told_for_long
    DBOSC.log_to(told = Told.new)
    waits = 0
    trace = TracePoint.new(:c_return) { |call| waits += 1 if call.method_id == :log_next }
    trace.enable # with a block it would trace this thread only
    Support.eventually("waits are over") { waits > 2 }
    open_client("app")
    Support.eventually("it is told") { told.opened == ["app"] }
  ensure
    trace.disable
  end

  def test_its_thread_can_be_killed_and_another_begun
    DBOSC.log_to(Told.new)
    killed = thread
    Support.eventually("it waits") { killed.stop? }
    assert killed.kill.join(Support::LONG), "it goes on"
    taker = DBOSC.log_to(told = Told.new)
    open_client("app")
    close(taker)
    assert_equal ["app"], told.opened
  end

  def test_a_forked_child_begins_its_own
    taker = DBOSC.log_to(told = Told.new)
    open_client("before")
    in_child = Support.in_child do
      open_client("untold")
      threads = Thread.list.size
      own = DBOSC.log_to(mine = Told.new)
      open_client("child")
      [own, taker, own].each(&:close)
      [threads, told.opened - ["before"], mine.opened]
    end
    assert_equal [1, [], ["child"]], in_child
    open_client("after")
    close(taker)
    assert_equal %w[before after], told.opened
  end

  def test_a_forked_child_may_close_what_it_inherited
    taker = DBOSC.log_to(told = Told.new)
    assert_equal DBOSC::Errors::BY_STATUS.index(DBOSC::InvalidStateError), (Support.in_child do
      close(taker)
      DBOSC::Raw.log_next(0).first
    end)
    open_client("app")
    close(taker)
    assert_equal ["app"], told.opened
  end

  # Its logger waits until the process is about to end; for ever with the argument "hang".
  PROGRAM = <<~RUBY
    require "dbosc"
    require "logger"
    $stdout.sync = true
    trap(:INT, "DEFAULT")
    gate = Thread::Queue.new
    at_exit { gate.close } unless ARGV.first == "hang"
    DBOSC.log_to(Logger.new($stdout, formatter: proc { |*, line| gate.pop; line.event + "\\n" }))
    CLIENTS = Array.new(50) { DBOSC::Client.new(system_database_url: "sqlite:////nowhere/a.sqlite", lazy: true) }
    puts "RUNS"
  RUBY
  LINES = "client_opened\n" * 50

  # What a program printed and how it ended, which it must.
  def ending_of(*arguments)
    Open3.popen2(RbConfig.ruby, "-e", *arguments, err: File::NULL) do |_, out, process|
      assert_equal "RUNS\n", out.gets
      yield process if block_given?
      assert process.join(Support::LONG), "it goes on"
      [out.read, process.value]
    ensure
      Process.kill(:KILL, process.pid) if process.alive?
    end
  end

  def test_the_end_of_a_process_hands_on_what_was_told
    ["", "exit", "Process.wait(fork { exit })", "Thread.new { exit }.join"].each do |ending|
      out, status = ending_of(PROGRAM + ending)
      assert_predicate status, :success?, ending
      assert_equal LINES, out, ending
    end
  end

  def test_ctrl_c_ends_a_process_with_it
    out, status = ending_of("#{PROGRAM}sleep") { |process| Process.kill(:INT, process.pid) }
    assert_equal Signal.list["INT"], status.termsig
    assert_equal LINES, out
  end

  def test_a_logger_that_hangs_does_not_keep_a_process
    out, status = ending_of(PROGRAM, "hang")
    assert_predicate status, :success?
    assert_empty out
  end
end
