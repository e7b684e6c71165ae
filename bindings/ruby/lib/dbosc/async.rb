# frozen_string_literal: true

module DBOSC
  # Every operation of a client without waiting: each method takes what the client's own takes and returns a Future.
  class Async
    include JoiningOperations
    include LoneOperations
    include JsonCalls

    def initialize(connection) # :nodoc:
      @connection = connection
    end

    private

    def invoke(operation, values)
      @connection.submit(operation, operation.request(values))
    end
  end
end
