# frozen_string_literal: true

require "bigdecimal"
require "json"

module DBOSC
  # JSON text as it is, to be put into a request untouched: a payload in the very digits and order of its writer.
  class RawJson
    # The text.
    attr_reader :text

    # Raises ArgumentError for what is not one JSON value.
    def initialize(text)
      Json.parse(text)
      @text = text.encode(Encoding::UTF_8).freeze
      freeze
    end

    def to_json(*)
      text
    end

    def ==(other)
      other.is_a?(RawJson) && text == other.text
    end
    alias eql? ==

    def hash
      text.hash
    end
  end

  # Ruby values as JSON text and back, without loss: whole numbers keep every digit, others become a Float where that
  # has the same value and a BigDecimal where it has not.
  module Json
    # More than the library's own limit: it is the one to judge.
    DEPTH = 1024

    # A number of JSON with a fraction or an exponent. The parser asks for it by this name.
    module Decimal
      # A number with at most so many characters is the same in a Float, where it has no exponent.
      SAFE = 15
      # Powers of ten that a Float can have.
      EXPONENTS = (Float::MIN_10_EXP - Float::DIG - 1..Float::MAX_10_EXP + 1).freeze

      def self.try_convert(text)
        return text.to_f if text.length <= SAFE && !text.match?(/e/i)

        decimal = BigDecimal(text)
        return decimal unless EXPONENTS.cover?(decimal.exponent)

        float = text.to_f
        float.finite? && BigDecimal(float.to_s) == decimal ? float : decimal
      end
    end

    # A number's own text.
    Number = ::Struct.new(:text) do
      def to_json(*)
        text
      end
    end
    private_constant :Number

    module_function

    def parse(text)
      JSON.parse(text, decimal_class: Decimal, max_nesting: DEPTH, allow_nan: true, create_additions: false)
    rescue JSON::ParserError, EncodingError => e
      raise ArgumentError, "no JSON: #{e.message}"
    end

    # Raises ArgumentError or TypeError for what has no JSON form; nothing is turned into text by guess.
    def generate(value)
      JSON.generate(plain(value, 0), max_nesting: DEPTH + 1)
    end

    # The value in what the generator writes as it is.
    def plain(value, depth)
      case value
      when String then text(value)
      when nil, true, false, Integer, RawJson then value
      when Symbol then value.name
      when Float then finite(value)
      when BigDecimal then Number.new(finite(value).to_s)
      when Hash, Array then nested(value, depth + 1)
      else raise TypeError, "#{value.class} has no JSON form: give a Hash, Array, String, number, true, false or nil"
      end
    end

    def nested(value, depth)
      raise ArgumentError, "nested more than #{DEPTH} levels" if depth > DEPTH
      return value.map { |item| plain(item, depth) } if value.is_a?(Array)

      value.to_h { |key, item| [key_text(key), plain(item, depth)] }
    end

    def key_text(key)
      case key
      when String then text(key)
      when Symbol, Integer then key.to_s
      else raise TypeError, "#{key.class} cannot be a key of a JSON object"
      end
    end

    # In UTF-8. Bytes without an encoding are taken for UTF-8 where they are.
    def text(value)
      utf8 = value.encoding == Encoding::BINARY ? value.dup.force_encoding(Encoding::UTF_8) : value
      utf8 = utf8.encode(Encoding::UTF_8) unless utf8.encoding == Encoding::UTF_8
      raise ArgumentError, "text that is not UTF-8: #{value.inspect}" unless utf8.valid_encoding?

      utf8
    rescue EncodingError => e
      raise ArgumentError, "text that is not UTF-8: #{e.message}"
    end

    def finite(number)
      raise ArgumentError, "#{number} has no JSON form" unless number.finite?

      number
    end
    private_class_method :plain, :nested, :key_text, :text, :finite
  end
end
