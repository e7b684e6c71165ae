# frozen_string_literal: true

require_relative "lib/dbosc/version"

Gem::Specification.new do |spec|
  spec.name = "dbosc"
  spec.version = DBOSC::VERSION
  spec.summary = "A client for DBOS applications"
  spec.description = "Starts durable workflows of DBOS workers in any language, waits for their results, sends them " \
                     "messages, reads their events and streams, lists, cancels and resumes them; on Postgres and SQLite. " \
                     "Needs the library libdbosc."
  spec.authors = ["The dbosc authors"]
  spec.license = "MIT"
  spec.required_ruby_version = ">= 3.1"

  spec.files = Dir.chdir(__dir__) { Dir["{lib,ext,sig,examples}/**/*.{rb,rbs,c,h}"] + %w[README.md LICENSE] }
  spec.extensions = ["ext/dbosc/extconf.rb"]
  spec.require_paths = ["lib"]
  spec.metadata = { "rubygems_mfa_required" => "true" }

  spec.add_runtime_dependency "bigdecimal", "~> 3.1"
  spec.add_runtime_dependency "json", "~> 2.6"
end
