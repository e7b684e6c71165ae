# frozen_string_literal: true

module DBOSC
  # What the library tells of itself, once: a String for any logger, e.g.
  # `dbosc: a client was opened event=client_opened client=1 pool_size=10`, whose parts a formatter can have one by one.
  class LogLine < String
    # When it was told.
    # @return [Time]
    attr_reader :time
    # :debug, :info, :warn or :error.
    # @return [Symbol]
    attr_reader :level
    # The stable word, e.g. "outage_begin".
    # @return [String]
    attr_reader :event
    # A sentence for people.
    # @return [String]
    attr_reader :message
    # What else belongs to the event, by the library's keys, e.g. "client".
    # @return [Hash{String => Object}]
    attr_reader :fields

    # Made by DBOSC.log_to.
    def initialize(json) # :nodoc:
      @fields = Json.parse(json)
      @time = Time.iso8601(@fields.delete("time"))
      @level = @fields.delete("level").to_sym
      @event = @fields.delete("event")
      @message = @fields.delete("message")
      super("dbosc: #{@message}#{{ "event" => @event, **@fields }.map { |key, value| " #{key}=#{shown(value)}" }.join}")
    end

    private

    # In quotes where it would not be one word.
    def shown(value)
      value.is_a?(String) && value.match?(/\A[\w.:\/-]+\z/) ? value : Json.generate(value)
    end
  end
end
