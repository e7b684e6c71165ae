# frozen_string_literal: true

module DBOSC
  # Operations with JSON text in and out, wherever operations are: payloads stay in the very digits of their writer.
  module JsonCalls
    # An operation by its name and the text of its request, whose keys are the library's own (durations end in `_ms`).
    # Gives what the operation's method gives, with the reply's text in the place of its object: a String, from
    # Client#async a Future of one. Raises as the method does, and InvalidArgumentError for what no operation is called.
    def call_json(operation, request = "{}")
      invoke(TextOperation.new(operation.to_s), request)
    end

    # An operation that leaves the text of its request and of its reply as it is.
    TextOperation = ::Struct.new(:name) do
      def request(text)
        text
      end

      def answer(text)
        text
      end
    end
    private_constant :TextOperation
  end
end
