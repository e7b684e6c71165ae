# frozen_string_literal: true

# Runs the steps of the story and prints how each ended, a line of JSON each.
#
#   story.rb STEPS URL

require "dbosc"
require "json"

class Story
  def initialize(steps, url)
    @steps = steps
    @url = url
    @submitted = {}
    open
  end

  def run
    while (step = @steps.shift)
      step[:do] == "begin" ? transaction : tell(*outcomes(step))
    end
  end

  private

  def open
    @client = DBOSC::Client.open(system_database_url: @url)
  end

  def tell(*outcomes)
    puts "[#{outcomes.join(",")}]"
    $stdout.flush
  end

  # A reply as it came, or an error with all that was told of it.
  def account
    %({"reply":#{yield}})
  rescue DBOSC::Error => e
    %({"error":#{DBOSC::Json.generate(e.details)}})
  end

  # How a step ended that is in no transaction.
  def outcomes(step)
    case step
    in { do: "call" } then account { call(step) }
    in { do: "await", tag: } then @submitted.fetch(tag).map { |future| account { future.value } }
    in { do: "fork" } then in_child
    else
      act(step)
      "{}"
    end
  end

  def call(step)
    case step
    in { operation:, request:, cancelled_after_ms: milliseconds }
      future = @client.async.call_json(operation, request)
      future.wait(milliseconds / 1000.0) || future.cancel
      future.value
    in { operation:, request: }
      @client.call_json(operation, request)
    end
  end

  def act(step)
    case step
    in { do: "submit", operation:, request:, tag:, times: }
      @submitted[tag] = Array.new(times) { @client.async.call_json(operation, request) }
    in { do: "cancel", tag: } then @submitted.fetch(tag).each(&:cancel)
    in { do: "close" } then @client.close
    in { do: "open" } then open
    end
  end

  # What a forked child is told that uses the client of its parent.
  def in_child
    reader, writer = IO.pipe
    child = fork do
      writer.write(account { @client.call_json("check_connection") })
      writer.close
      exit!(true)
    end
    writer.close
    reader.read
  ensure
    reader.close
    Process.wait(child)
  end

  # The steps from "begin" on, of which those up to "commit" or "rollback" are the block of a transaction.
  def transaction
    @client.transaction do |transaction|
      tell("{}")
      # A block that is left before its end is rolled back.
      break unless last_step_in(transaction) == "commit"
    end
    tell("{}")
  end

  # Does the steps in a transaction and returns what ends it.
  def last_step_in(transaction)
    loop do
      case @steps.shift
      in { do: "in_transaction", operation:, request: }
        tell(account { transaction.call_json(operation, request) })
      in { do: "execute", sql:, params: }
        tell(account { DBOSC::Json.generate(transaction.execute(sql, DBOSC::Json.parse(params)).to_h) })
      in { do: "commit" | "rollback" => last }
        return last
      end
    end
  end
end

steps, url = ARGV
Story.new(JSON.parse(File.read(steps, encoding: "UTF-8"), symbolize_names: true), url).run
