# frozen_string_literal: true

require "time"

module DBOSC
  # The default of keys that nil would clear: the key is left as it is.
  UNSET = Object.new
  def UNSET.inspect
    "DBOSC::UNSET"
  end
  UNSET.freeze

  # How the values of keys cross: `encode` from Ruby to what JSON has, `decode` back.
  module Types
    # What is the same on both sides; the library judges it.
    module Plain
      def self.encode(value)
        value
      end

      def self.decode(value)
        value
      end
    end

    # A Time; in requests also a DateTime, RFC 3339 text or epoch milliseconds.
    module Instant
      def self.encode(value)
        case value
        when Integer, String then value
        when Time then (value.to_r * 1000).floor
        else
          raise TypeError, "#{value.class} is no instant: give a Time" unless value.respond_to?(:to_time)

          encode(value.to_time)
        end
      end

      def self.decode(milliseconds)
        Time.at(Rational(milliseconds, 1000), in: "UTC")
      end
    end

    # Seconds: any number, or ActiveSupport's durations; a Float in replies.
    module Duration
      def self.encode(seconds)
        unless seconds.is_a?(Numeric) || (seconds.respond_to?(:to_r) && !seconds.is_a?(String))
          raise TypeError, "#{seconds.class} is no duration: give seconds"
        end

        (seconds.to_r * 1000).round
      rescue FloatDomainError
        raise ArgumentError, "#{seconds} is no duration"
      end

      def self.decode(milliseconds)
        milliseconds / 1000.0
      end
    end

    # An array; what is none crosses as it is, for the library to judge.
    class List
      def initialize(items)
        @items = items
      end

      def encode(values)
        values.is_a?(Array) ? values.map { |value| value.nil? ? nil : @items.encode(value) } : values
      end

      def decode(values)
        values.map { |value| value.nil? ? nil : @items.decode(value) }.freeze
      end
    end

    # An object with keys of its own: an instance of `type`, or in requests a Hash.
    class Nested
      def initialize(type)
        @type = type
      end

      def encode(value)
        value = @type.new(**value.transform_keys(&:to_sym)) if value.is_a?(Hash)
        raise TypeError, "#{value.class} where #{@type} or a Hash is due" unless value.is_a?(@type)

        value.to_wire
      end

      def decode(value)
        @type.decode(value)
      end
    end
  end
end
