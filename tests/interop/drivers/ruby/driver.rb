# SQL in transactions of Ruby's pg; ../README.md says what it does.

require "json"
require "pg"

class Driver
  def open(command)
    @connection = PG.connect(command["url"])
    nil
  end

  def run(command)
    @connection.exec_params(command["sql"], command["params"]).cmd_tuples
  end

  %w[begin commit rollback].each do |word|
    define_method(word) do |_command|
      @connection.exec(word)
      nil
    end
  end

  def close(_command)
    @connection.close
    nil
  end
end

COMMANDS = Driver.public_instance_methods(false).map(&:to_s)

def answer(driver, command)
  raise ArgumentError, "unknown command #{command["do"]}" unless COMMANDS.include?(command["do"])

  { "ok" => driver.public_send(command["do"], command) }
rescue PG::Error => e
  refused = e.respond_to?(:result) ? e.result : nil
  { "error" => e.message, "code" => refused&.error_field(PG::Result::PG_DIAG_SQLSTATE) }
rescue StandardError => e
  { "error" => e.message, "code" => nil }
end

# The environment may say that text is ASCII; a line of JSON is UTF-8.
$stdin.set_encoding(Encoding::UTF_8)
$stdout.sync = true
driver = Driver.new
puts "READY"
$stdin.each_line { |line| puts JSON.generate(answer(driver, JSON.parse(line))) }
