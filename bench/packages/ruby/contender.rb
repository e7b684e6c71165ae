# frozen_string_literal: true

# Contender: the Ruby package of ours, for `enqueue`. Interface: see ../../README.md.
require "dbosc"
require "json"

def now
  Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)
end

def cpu_seconds
  Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
end

# Runs the block `count` times over `callers` threads; the nanoseconds that each took.
def shared(count, callers)
  threads = Array.new(callers) do |caller|
    Thread.new { (caller...count).step(callers).map { now.then { |start| yield && (now - start) } } }
  end
  threads.flat_map(&:value)
end

def enqueue(keys)
  number = ->(key, otherwise) { Integer(keys.fetch(key, otherwise)) }
  pool = number["pool", 0]
  payload = "x" * number["size", 100]
  count, callers = number["n", 1], number["c", 1]
  DBOSC::Client.open(system_database_url: keys.fetch("url"), **(pool.positive? ? { pool_size: pool } : {})) do |client|
    work = -> { client.enqueue(workflow_name: "perf_wf", queue_name: "perf_q", args: [payload]) }
    shared(number["warm", 0], callers, &work)
    cpu, start = cpu_seconds, now
    took = shared(count, callers, &work).sort
    seconds, used = (now - start) / 1e9, cpu_seconds - cpu
    microseconds = ->(part) { took[[took.size - 1, took.size * part / 100].min] / 1e3 }
    { n: count, secs: seconds, cpu_s: used, p50_us: microseconds[50], p99_us: microseconds[99],
      rss_kb: File.read("/proc/self/status")[/^VmHWM:\s+(\d+)/, 1].to_i }
  end
end

keys = ARGV.to_h { |argument| argument.split("=", 2) }
result = keys["op"] == "enqueue" ? enqueue(keys) : { unsupported: 1 }
puts "RESULT #{JSON.generate(result)}"
