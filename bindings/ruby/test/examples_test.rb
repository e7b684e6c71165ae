# frozen_string_literal: true

require_relative "support"

# The examples run, and the READMEs show what runs.
class ExamplesTest < Minitest::Test
  def example(name, url)
    Support.run_ruby(File.join(Support::PACKAGE, "examples", name), DBOS_SYSTEM_DATABASE_URL: url)
  end

  def quickstart_worker(url)
    python = File.join(Support.required("DBOSC_PYTHON_SDK"), "python")
    log = Tempfile.new("worker")
    Open3.popen2(python, File.join(Support::ROOT, "examples/quickstart_worker.py"), url, err: log) do |_, out, process|
      assert_equal "READY\n", Timeout.timeout(Support::LONG) { out.gets }, -> { File.read(log.path) }
      yield
    ensure
      Process.kill(:TERM, process.pid) if process.alive?
    end
  end

  def test_a_worker_greets
    url = Support::Databases.url("sqlite")
    quickstart_worker(url) { assert_equal "Hello, Ada! This is a Python worker.\n", example("greet.rb", url) }
  end

  def test_a_workflow_joins_a_transaction_of_pg
    expected = "ordered: ENQUEUED\nrefused: no money\norders: 1\nworkflows: 1\n"
    assert_equal expected, example("transaction_pg.rb", Support::Databases.url("postgres"))
  end

  def test_a_workflow_joins_a_transaction_of_active_record
    url = Support::Databases.url("postgres")
    assert_equal "statuses: \"ENQUEUED\", nil\nparcels: 1\n", example("transaction_active_record.rb", url)
  end

  def test_the_readmes_show_the_example_that_runs
    shown = File.read(File.join(Support::PACKAGE, "examples/greet.rb"))[%r{^# \[readme\]\n(.*)^# \[/readme\]}m, 1]
    [Support::PACKAGE, Support::ROOT].each do |folder|
      assert_includes File.read(File.join(folder, "README.md")), "```ruby\n#{shown}```\n"
    end
  end
end
