# frozen_string_literal: true

module DBOSC
  # A key of a request or a reply: `key` in JSON, `name` in Ruby. `null` is whether nil is sent as null, not left out.
  Field = ::Struct.new(:key, :name, :type, :null) do
    # The wire's form of those values that are given.
    def self.encode(fields, values)
      fields.each_with_object({}) do |field, wire|
        value = values[field.name]
        next if UNSET.equal?(value) || (value.nil? && !field.null)

        wire[field.key] = value.nil? ? nil : field.type.encode(value)
      end
    end
  end
  private_constant :Field

  # What operations return and take as objects: frozen, equal by their values, open to pattern matching.
  class Value
    class << self
      # The fields, in the order of the library's description.
      attr_reader :fields

      private

      # Each as [key, name, type], and true where nil is sent.
      def has(*fields)
        @fields = fields.map { |field| Field.new(*field).freeze }.freeze
        @fields.each { |field| attr_reader field.name }
      end
    end

    def to_h
      self.class.fields.to_h { |field| [field.name, public_send(field.name)] }
    end

    def deconstruct_keys(_names)
      to_h
    end

    def ==(other)
      other.instance_of?(self.class) && to_h == other.to_h
    end
    alias eql? ==

    def hash
      [self.class, to_h].hash
    end

    def inspect
      known = to_h.reject { |_, value| value.nil? || UNSET.equal?(value) }
      "#<#{self.class}#{known.map { |name, value| " #{name}=#{value.inspect}" }.join}>"
    end
    alias to_s inspect
  end

  # What the library answers. Keys that it has and this version of the package does not know are in none of its fields.
  class Reply < Value
    class << self
      def decode(wire)
        reply = allocate
        reply.__send__(:take, wire)
        reply.freeze
      end
    end

    private_class_method :new

    private

    def take(wire)
      self.class.fields.each do |field|
        value = wire[field.key]
        instance_variable_set(:"@#{field.name}", value.nil? ? nil : field.type.decode(value))
      end
    end
  end

  # What an operation is given as an object of its own.
  class Options < Value
    def initialize(**values)
      super()
      values.each { |name, value| instance_variable_set(:"@#{name}", value) }
      freeze
    end

    def to_wire
      Field.encode(self.class.fields, to_h)
    end
  end

  # An operation of the library: its name, the fields of its request and the class of its reply.
  class OperationType
    attr_reader :name, :fields, :reply

    def initialize(name, fields, reply)
      @name = name
      @fields = fields.map { |field| Field.new(*field).freeze }.freeze
      @reply = reply
      freeze
    end

    # The JSON text of a request with these values.
    def request(values)
      Json.generate(Field.encode(fields, values))
    end

    # The reply's object from its JSON text.
    def answer(text)
      reply.decode(Json.parse(text))
    end
  end
end
