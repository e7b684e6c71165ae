# frozen_string_literal: true

require_relative "support"

# Payloads come back as they were: in Ruby's own values, in both directions, through each database.
module PayloadCases
  TEXTS = ["", " ", "Ada", "naïve", "日本語", "😀🏳️‍🌈", "\u0001\u001f\"\\/\b\f\n\r\t", "\u2028\u2029", "e\u0301", "\u{10ffff}"].freeze
  NUMBERS = [0, -1, 2**53 + 1, -(2**64), 10**40, 0.1, -1.5e-300, 1.7976931348623157e308, 5e-324, 0.30000000000000004,
             BigDecimal("0.1234567890123456789012345"), BigDecimal("-1e400"), BigDecimal("12345678901234567890.5")].freeze
  LEAVES = [nil, true, false, *TEXTS, *NUMBERS].freeze

  module_function

  # Of the run's seed, which Minitest prints.
  def random
    Random.new(srand.tap { |seed| srand(seed) })
  end

  # A value of at most so many levels, the same for the same generator of numbers.
  def value(random, levels)
    case levels.zero? ? 0 : random.rand(4)
    when 1 then Array.new(random.rand(4)) { value(random, levels - 1) }
    when 2 then Array.new(random.rand(4)) { [text(random), value(random, levels - 1)] }.to_h
    when 3 then text(random)
    else LEAVES.sample(random: random)
    end
  end

  # Of any characters but U+0000, which databases have no place for.
  def text(random)
    Array.new(random.rand(8)) do
      point = random.rand(1..0x10ffff)
      (0xd800..0xdfff).cover?(point) ? "?" : [point].pack("U")
    end.join
  end
end

class JsonTest < Minitest::Test
  def test_values_of_every_kind_come_back_from_their_text
    random = PayloadCases.random
    values = PayloadCases::LEAVES + Array.new(300) { PayloadCases.value(random, 4) }
    values.each { |value| assert_equal [value], DBOSC::Json.parse(DBOSC::Json.generate([value])) }
  end

  def test_a_decimal_is_a_float_only_where_that_is_the_same_number
    assert_instance_of Float, DBOSC::Json.parse("0.1")
    assert_instance_of Float, DBOSC::Json.parse("0.30000000000000004")
    assert_instance_of BigDecimal, DBOSC::Json.parse("0.3000000000000000400001")
    assert_instance_of BigDecimal, DBOSC::Json.parse("1e400")
    assert_equal BigDecimal("1e-400"), DBOSC::Json.parse("1e-400")
  end

  def test_text_of_other_encodings_is_written_in_utf8
    assert_equal %("é"), DBOSC::Json.generate("é".encode("ISO-8859-1"))
    assert_equal %("é"), DBOSC::Json.generate("é".b)
    assert_raises(ArgumentError) { DBOSC::Json.generate("\xff") }
    assert_raises(ArgumentError) { DBOSC::Json.generate("\xff".b) }
  end

  def test_what_has_no_json_form_is_refused
    assert_raises(TypeError) { DBOSC::Json.generate([Object.new]) }
    assert_raises(TypeError) { DBOSC::Json.generate({ Object.new => 1 }) }
    assert_raises(ArgumentError) { DBOSC::Json.generate(Float::NAN) }
    assert_raises(ArgumentError) { DBOSC::Json.generate(-Float::INFINITY) }
    endless = []
    endless << endless
    assert_raises(ArgumentError) { DBOSC::Json.generate(endless) }
  end

  def test_symbols_are_text_and_raw_text_is_spliced
    assert_equal %({"a":"b","1":[1.1000]}), DBOSC::Json.generate({ a: :b, 1 => [DBOSC::RawJson.new("1.1000")] })
    assert_raises(ArgumentError) { DBOSC::RawJson.new("1, 2") }
  end
end

Support::DatabaseCase.on_each_database("Payloads") do
  def stored(args)
    id = waiting_workflow(args: args).workflow_id
    client.get_workflow(workflow_id: id).workflow.input["args"]
  end

  define_method(:test_values_of_every_kind_come_back_unharmed) do
    random = PayloadCases.random
    values = PayloadCases::LEAVES + Array.new(100) { PayloadCases.value(random, 4) }
    assert_equal values, stored(values)
    strings = stored(PayloadCases::TEXTS)
    assert_equal [Encoding::UTF_8], strings.map(&:encoding).uniq
  end

  define_method(:test_a_value_comes_back_from_a_workers_hands) do
    values = PayloadCases::LEAVES - PayloadCases::NUMBERS.grep(BigDecimal)
    Support::Worker.on(url)
    handle = client.enqueue_workflow(workflow_name: "echo", queue_name: "q", args: [values])
    assert_equal values, handle.get_result(timeout: Support::LONG)
  end

  define_method(:test_raw_text_keeps_the_digits_and_the_order_of_its_writer) do
    text = %({"b": 1.1000, "a": 1e2, "b2": 12345678901234567890123})
    id = waiting_workflow(args: [DBOSC::RawJson.new(text)]).workflow_id
    assert_includes client.call_json("get_workflow", %({"workflow_id": "#{id}"})), text
  end

  define_method(:test_text_goes_in_and_out_wherever_operations_are) do
    text = "[1.1000,12345678901234567890123]"
    start = %({"workflow_name": "nobody", "queue_name": "nobodys", "args": #{text}})
    inside, written = client.transaction do |transaction|
      id = JSON.parse(transaction.call_json(:enqueue, start))["workflow_id"]
      [id, transaction.call_json(:get_workflow, %({"workflow_id": "#{id}"}))]
    end
    assert_includes written, text
    assert_equal written, client.async.call_json("get_workflow", %({"workflow_id": "#{inside}"})).value
    assert_equal written, client.call_json("get_workflow", %({"workflow_id": "#{inside}"}))
  end

  define_method(:test_text_is_judged_by_the_library) do
    refused(DBOSC::InvalidArgumentError) { client.call_json("enqueu") }
    refused(DBOSC::InvalidArgumentError) { client.async.call_json(:enqueue, "{").value }
    error = refused(DBOSC::Error) do
      client.transaction { |transaction| transaction.call_json(:get_result, %({"workflow_id": "none"})) }
    end
    assert_equal "not_in_transaction", error.kind
  end

  define_method(:test_a_zero_byte_in_a_name_is_refused) do
    error = refused(DBOSC::InvalidArgumentError) { waiting_workflow(workflow_id: "a\0b") }
    assert_equal "workflow_id", error.path
  end
end
