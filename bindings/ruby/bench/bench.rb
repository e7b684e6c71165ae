# frozen_string_literal: true

# What the package costs, in one run: ruby bench.rb URL of a system database that nobody else uses.
#
#   call     one call at a time, through the package and straight through the C function (by Fiddle)
#   waits    threads and memory that a thousand waits take
#   enqueue  workflows per second: one after the other, from threads, and submitted
require "dbosc"
require "fiddle"

CALLS = 2000
WAITS = 1000
ENQUEUES = 2000
THREADS = 8

def now
  Process.clock_gettime(Process::CLOCK_MONOTONIC)
end

# The median seconds of each of the calls.
def median(times)
  Array.new(times) { now.then { |start| yield && (now - start) } }.sort[times / 2]
end

# The same client by the C functions.
class Straight
  def initialize(url)
    @library = Fiddle.dlopen("libdbosc.so.0")
    @call = function("dbosc_client_call", 6)
    @free = Fiddle::Function.new(@library["dbosc_string_free"], [Fiddle::TYPE_VOIDP], Fiddle::TYPE_VOID)
    handle = Fiddle::Pointer.malloc(Fiddle::SIZEOF_VOIDP, Fiddle::RUBY_FREE)
    function("dbosc_client_open", 4).call(DBOSC::Json.generate({ system_database_url: url }), nil, handle, nil).zero? or abort
    @client = handle.ptr
    @reply = Fiddle::Pointer.malloc(Fiddle::SIZEOF_VOIDP, Fiddle::RUBY_FREE)
  end

  def call(operation)
    @call.call(@client, operation, nil, nil, @reply, nil).zero? or abort
    @free.call(@reply.ptr)
    true
  end

  private

  def function(name, arity)
    Fiddle::Function.new(@library[name], [Fiddle::TYPE_VOIDP] * arity, Fiddle::TYPE_INT)
  end
end

def process_figure(key)
  File.read("/proc/self/status")[/^#{key}:\s+(\d+)/, 1].to_i
end

def rate(count)
  start = now
  yield
  (count / (now - start)).round
end

def enqueue(caller)
  caller.enqueue(workflow_name: "nobody", queue_name: "nobodys", args: ["Ada", 1, 2.5])
end

def measure_calls(client, url)
  straight = Straight.new(url)
  pairs = Array.new(5) do
    [median(CALLS / 5) { client.check_connection }, median(CALLS / 5) { straight.call("check_connection") }]
  end
  package, direct = pairs.transpose.map { |seconds| seconds.min * 1e6 }
  puts format("call: %.1f µs through the package, %.1f µs straight, %.1f µs more", package, direct, package - direct)
end

def measure_waits(client)
  client.async.get_result(workflow_id: "never")
  threads, memory = process_figure("Threads"), process_figure("VmRSS")
  kept = Array.new(WAITS) { client.async.get_result(workflow_id: "never") }
  puts format("waits: %d take %d threads and %d kB", kept.size, process_figure("Threads") - threads, process_figure("VmRSS") - memory)
end

def measure_enqueues(client)
  alone = rate(ENQUEUES) { ENQUEUES.times { enqueue(client) } }
  threads = rate(ENQUEUES) do
    Array.new(THREADS) { Thread.new { (ENQUEUES / THREADS).times { enqueue(client) } } }.each(&:join)
  end
  submitted = rate(ENQUEUES) { Array.new(ENQUEUES) { enqueue(client.async) }.each(&:value) }
  puts "enqueue per second: #{alone} alone, #{threads} from #{THREADS} threads, #{submitted} submitted"
end

DBOSC::Client.open(system_database_url: ARGV.fetch(0)) do |client|
  measure_calls(client, ARGV.fetch(0))
  measure_enqueues(client)
  measure_waits(client)
end
