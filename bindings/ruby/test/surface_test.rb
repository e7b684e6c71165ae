# frozen_string_literal: true

require_relative "support"
require "rbs"

# The package offers what the library describes, no more and no less.
class SurfaceTest < Minitest::Test
  DESCRIPTION = JSON.parse(File.read(File.join(Support::ROOT, "bindings/describe.json")))
  OPERATIONS = DESCRIPTION["operations"]
  NAMES = OPERATIONS.to_h { |operation| [operation["name"].to_sym, operation] }
  INTERNAL = %i[end_with commit release start finish calling?].freeze
  PUBLIC = DBOSC::JoiningOperations.public_instance_methods + DBOSC::LoneOperations.public_instance_methods

  # The name of a key in Ruby, whose types know their unit.
  def ruby_name(key)
    key.delete_suffix("_ms").to_sym
  end

  def parameters(name)
    owner = DBOSC::Client.private_method_defined?("call_#{name}") ? "call_#{name}" : name
    DBOSC::Client.instance_method(owner).parameters
  end

  def test_clients_have_every_operation_and_no_other
    assert_equal NAMES.keys.sort, PUBLIC.sort
    assert_equal NAMES.keys, DBOSC::OPERATIONS.keys
  end

  def test_transactions_have_what_may_be_in_one
    joining = NAMES.select { |_, operation| operation["in_transaction"] }.keys
    assert_equal joining.sort, (PUBLIC & DBOSC::Transaction.public_instance_methods).sort
  end

  def test_asynchronous_clients_have_every_operation
    assert_equal NAMES.keys.sort, (PUBLIC & DBOSC::Async.public_instance_methods).sort
  end

  def test_operations_take_every_key_and_need_what_is_required
    NAMES.each do |name, operation|
      expected = operation["request"]["fields"].map { |field| [field["required"] ? :keyreq : :key, ruby_name(field["key"])] }
      assert_equal expected.sort, parameters(name).sort, name
      assert_equal operation["request"]["fields"].map { |field| field["key"] }, DBOSC::OPERATIONS[name].fields.map(&:key)
    end
  end

  def test_replies_have_every_key
    NAMES.each do |name, operation|
      reply = DBOSC::OPERATIONS[name].reply
      assert_equal operation["reply"]["fields"].map { |field| ruby_name(field["key"]) }, reply.fields.map(&:name), name
      reply.fields.each { |field| assert_includes reply.public_instance_methods, field.name }
    end
  end

  def test_the_configuration_has_every_key
    assert_equal DESCRIPTION["config"]["fields"].map { |field| ruby_name(field["key"]) }, DBOSC::Config.fields.map(&:name)
  end

  def test_every_status_has_an_error
    header = File.read(File.join(Support::ROOT, "include/dbosc/dbosc.h"))
    codes = header[%r{/\* Status codes.*?^typedef}m]
    statuses = codes.scan(/^#define DBOSC_([A-Z_]+)[ \\\n]+(\d+)\b/).to_h { |name, code| [code.to_i, name] }
    assert_equal statuses.keys.sort, DBOSC::Errors::BY_STATUS.each_index.to_a
    statuses.each do |code, name|
      next if code.zero?

      words = name.split("_").map(&:capitalize).join
      assert_equal "DBOSC::#{words}Error", DBOSC::Errors::BY_STATUS[code].name
      assert_equal DBOSC::Error, DBOSC::Errors::BY_STATUS[code].superclass
    end
  end

  # Those of the package's own classes; what the package calls itself has no signature.
  def test_every_public_method_has_a_signature
    signatures = definitions
    classes.each do |type|
      base = type < String ? String : Object
      ours = type.public_instance_methods - base.public_instance_methods - INTERNAL
      assert_empty ours - signatures.build_instance(rbs_name(type)).methods.keys, type.name
    end
    module_name = RBS::TypeName.new(name: :DBOSC, namespace: RBS::Namespace.root)
    assert_empty DBOSC.singleton_methods - signatures.build_singleton(module_name).methods.keys
  end

  def classes
    values = DBOSC.constants.map { |name| DBOSC.const_get(name) }.grep(Class).select { |type| type < DBOSC::Value }
    [DBOSC::Client, DBOSC::Async, DBOSC::Transaction, DBOSC::Future, DBOSC::Handle, DBOSC::RawJson, DBOSC::OperationType,
     DBOSC::LogTaker, DBOSC::LogLine,
     *DBOSC::Errors::BY_STATUS.compact, *DBOSC::Errors::BY_KIND.values, *values]
  end

  def definitions
    loader = RBS::EnvironmentLoader.new
    loader.add(path: Pathname(Support::PACKAGE).join("sig"))
    loader.add(library: "bigdecimal", version: nil)
    RBS::DefinitionBuilder.new(env: RBS::Environment.from_loader(loader).resolve_type_names)
  end

  def rbs_name(type)
    RBS::TypeName.new(name: type.name.split("::").last.to_sym, namespace: RBS::Namespace.parse("::DBOSC"))
  end
end
