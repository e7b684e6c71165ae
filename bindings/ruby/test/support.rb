# frozen_string_literal: true

require "dbosc"
require "minitest/autorun"
require "open3"
require "pg"
require "rbconfig"
require "securerandom"
require "socket"
require "tempfile"
require "timeout"
require "tmpdir"
require "uri"

# What the tests share: databases of both kinds, made once, and workers.
module Support
  ROOT = File.expand_path("../../..", __dir__)
  PACKAGE = File.expand_path("..", __dir__)
  # Bounds a wait that a broken run would make endless; nothing depends on its length.
  LONG = 120

  module_function

  # An environment variable that scripts/test sets.
  def required(name)
    ENV.fetch(name) { raise "#{name} is not set; run this suite with: scripts/test ruby" }
  end

  def eventually(what)
    deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + LONG
    until (answer = yield)
      raise "#{what}: not within #{LONG} s" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline

      Thread.pass
      IO.select(nil, nil, nil, 0.01)
    end
    answer
  end

  # Runs a Ruby program with the package, and gives what it printed.
  def run_ruby(*arguments, **environment)
    out, err, status = Open3.capture3(environment.transform_keys(&:to_s), RbConfig.ruby, *arguments)
    raise "#{arguments.join(" ")}: #{status}\n#{out}#{err}" unless status.success?

    out
  end

  # What the block gives in a forked child, where nothing of the tests runs.
  def in_child
    reader, writer = IO.pipe
    child = fork do
      reader.close
      writer.write(Marshal.dump(yield))
      writer.close
      exit!(0)
    end
    writer.close
    answer = Timeout.timeout(LONG) { reader.read }
    raise "the child failed" unless Process.wait2(child).last.success?

    Marshal.load(answer)
  ensure
    reader.close
  end

  # System databases by their kind, each made when it is first asked for and gone after the run.
  module Databases
    KINDS = %w[sqlite postgres].freeze
    @urls = {}

    module_function

    def url(kind)
      @urls[kind] ||= __send__(kind).tap do |url|
        DBOSC::Client.open(system_database_url: url, lazy: true, &:create_system_database)
      end
    end

    def sqlite
      folder = Dir.mktmpdir("dbosc")
      Minitest.after_run { FileUtils.remove_entry(folder) }
      "sqlite:///#{folder}/system.sqlite"
    end

    def postgres
      server = Support.required("DBOSC_TEST_POSTGRES_URL")
      name = "dbosc_#{SecureRandom.hex(8)}"
      Minitest.after_run { PG.connect(server) { |admin| admin.exec("DROP DATABASE IF EXISTS #{name} WITH (FORCE)") } }
      URI(server).tap { |url| url.path = "/#{name}" }.to_s
    end
    private_class_method :sqlite, :postgres
  end

  # A Python worker on a database, as tests/interop/workers has it; ends when its standard input does.
  class Worker
    SCRIPT = File.join(ROOT, "tests/interop/workers/python_worker.py")

    def initialize(url)
      python = File.join(Support.required("DBOSC_PYTHON_SDK"), "python")
      @input, @output, @process = Open3.popen2(python, SCRIPT, "work", url, "ruby", "v1", err: @log = Tempfile.new("worker"))
      Timeout.timeout(LONG) { @output.gets } == "READY\n" or raise "no worker:\n#{File.read(@log.path)}"
    end

    def stop
      @input.close
      @process.join(LONG) or raise "the worker does not end"
    end

    # One for each database.
    def self.on(url)
      @workers ||= {}
      @workers[url] ||= new(url).tap { |worker| Minitest.after_run { worker.stop } }
    end
  end

  # A case that has a client, `client`, on the database of its class.
  class DatabaseCase < Minitest::Test
    # Defines the cases of the block for each kind of database.
    def self.on_each_database(name, &cases)
      Databases::KINDS.each do |kind|
        type = Class.new(DatabaseCase, &cases)
        type.define_method(:kind) { kind }
        Support.const_set("#{name}On#{kind.capitalize}", type)
      end
    end

    def url
      Databases.url(kind)
    end

    def client
      @client ||= DBOSC::Client.open(system_database_url: url)
    end

    def setup
      client
    end

    def teardown
      @client&.close
    end

    # A workflow that nobody takes, with the other keys of enqueue.
    def waiting_workflow(**keys)
      client.enqueue_workflow(workflow_name: "nobody", queue_name: "nobodys", **keys)
    end

    # The error of that class that the block raises.
    def refused(type, &block)
      assert_raises(type, &block)
    end
  end
end
