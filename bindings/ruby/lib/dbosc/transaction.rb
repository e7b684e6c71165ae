# frozen_string_literal: true

module DBOSC
  # A transaction on a connection of the client, lent by Client#transaction: operations in it count with its commit.
  # For one thread at a time.
  class Transaction
    # What a statement gave: the names of its columns, its rows as arrays, and how many rows it changed.
    Result = ::Struct.new(:columns, :rows, :row_count, keyword_init: true)

    include JoiningOperations
    include JsonCalls

    def initialize(connection, request) # :nodoc:
      @connection = connection
      @handle = connection.use { |client, cancel| Raw.begin_transaction(client, request, cancel) }
    end

    # Runs one statement written for the database ($1 in Postgres, ? in SQLite) with its parameters.
    # @return [Result]
    def execute(sql, params = [])
      values = Json.generate(params)
      text = run { |cancel| Raw.transaction_execute(@handle, sql, values, cancel) }
      found = Json.parse(text)
      Result.new(columns: found["columns"], rows: found["rows"], row_count: found["row_count"])
    end

    def commit # :nodoc:
      run { |cancel| Raw.commit(@handle, cancel) }
    end

    # Rolls back where it has not been ended, and gives the connection back.
    def release # :nodoc:
      handle, @handle = @handle, nil
      Waiting.run { Raw.transaction_free(handle) } if handle
    end

    private

    def invoke(operation, values)
      request = operation.request(values)
      operation.answer(run { |cancel| Raw.transaction_call(@handle, operation.name, request, cancel) })
    end

    def run
      raise Errors.own(InvalidStateError, "INVALID_STATE", "transaction_over", "this transaction is over") unless @handle

      @connection.use { |_, cancel| yield(cancel) }
    end
  end
end
