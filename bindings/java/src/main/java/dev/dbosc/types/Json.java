package dev.dbosc.types;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One JSON value as its text: payloads pass through unread, so that numbers keep every digit and
 * keys their order. Turned into values of your own by Jackson, where you ask for it. Immutable.
 */
public final class Json implements JsonSerializable {
  /** The value {@code null}. */
  public static final Json NULL = new Json("null");

  private static final ObjectMapper MAPPER = mapper();

  private final String text;

  private Json(String text) {
    this.text = text;
  }

  // Payloads may be long and deep; numbers are kept as they are written, as far as a type of Java's
  // holds them.
  private static ObjectMapper mapper() {
    StreamReadConstraints unbounded =
        StreamReadConstraints.builder()
            .maxNestingDepth(Integer.MAX_VALUE)
            .maxNumberLength(Integer.MAX_VALUE)
            .maxStringLength(Integer.MAX_VALUE)
            .build();
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(unbounded)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .findAndAddModules()
        .addModule(new SimpleModule().addDeserializer(Json.class, new Reader()))
        .build();
  }

  /**
   * A value as JSON: what Jackson makes of it (maps, lists, numbers, texts, records, beans), or
   * itself where it is one already.
   *
   * @param value any, null among them
   * @return its JSON
   * @throws IllegalArgumentException where Jackson cannot write it
   */
  public static Json of(Object value) {
    return of(value, MAPPER);
  }

  /**
   * The same by a mapper of your own.
   *
   * @param value any, null among them
   * @param mapper what writes it
   * @return its JSON
   * @throws IllegalArgumentException where the mapper cannot write it
   */
  public static Json of(Object value, ObjectMapper mapper) {
    if (value == null) return NULL;
    if (value instanceof Json json) return json;
    try {
      return new Json(mapper.writeValueAsString(value));
    } catch (JsonProcessingException error) {
      throw new IllegalArgumentException(error.getOriginalMessage(), error);
    }
  }

  /**
   * A JSON text that you have, kept as it is.
   *
   * @param text one JSON value
   * @return the value
   * @throws IllegalArgumentException where it is not one
   */
  public static Json parse(String text) {
    try (var parser = MAPPER.createParser(text)) {
      if (parser.nextToken() == null) throw new IllegalArgumentException("no JSON value");
      parser.skipChildren();
      parser.finishToken();
      if (parser.nextToken() != null)
        throw new IllegalArgumentException("more than one JSON value");
    } catch (JsonProcessingException error) {
      throw new IllegalArgumentException(error.getOriginalMessage(), error);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return new Json(text.strip());
  }

  /**
   * A text that is known to be one JSON value: a reply of the library. It is not looked at; use
   * {@link #parse} for any other.
   *
   * @param text one JSON value
   * @return the value
   */
  public static Json trusted(String text) {
    return new Json(text);
  }

  /**
   * The JSON text, every digit as it came.
   *
   * @return one JSON value
   */
  public String text() {
    return text;
  }

  /**
   * Whether it is JSON's null.
   *
   * @return true for {@code null}
   */
  public boolean isNull() {
    return text.equals("null");
  }

  /**
   * The value as one of yours. Decimals become {@link java.math.BigDecimal} and big integers {@link
   * java.math.BigInteger} where the type leaves it open; null stays null.
   *
   * @param <T> the type
   * @param type its class
   * @return the value
   * @throws IllegalArgumentException where it does not fit
   */
  public <T> T as(Class<T> type) {
    return type == Json.class ? type.cast(this) : read(MAPPER.constructType(type), MAPPER);
  }

  /**
   * The same for a type with parameters, {@code new TypeReference<List<String>>() {}}.
   *
   * @param <T> the type
   * @param type its reference
   * @return the value
   * @throws IllegalArgumentException where it does not fit
   */
  public <T> T as(TypeReference<T> type) {
    return read(MAPPER.constructType(type), MAPPER);
  }

  /**
   * The same by a mapper of your own.
   *
   * @param <T> the type
   * @param type its class
   * @param mapper what reads it
   * @return the value
   * @throws IllegalArgumentException where it does not fit
   */
  public <T> T as(Class<T> type, ObjectMapper mapper) {
    return read(mapper.constructType(type), mapper);
  }

  private <T> T read(JavaType type, ObjectMapper mapper) {
    try {
      return mapper.readValue(text, type);
    } catch (JsonProcessingException error) {
      throw new IllegalArgumentException(error.getOriginalMessage(), error);
    }
  }

  /**
   * The value as Jackson's tree.
   *
   * @return a tree; {@code NullNode} for null
   */
  public JsonNode node() {
    return as(JsonNode.class);
  }

  /**
   * The members of an object, in their order.
   *
   * @return each by its name
   * @throws IllegalArgumentException where it is no object
   */
  public Map<String, Json> members() {
    return Slices.object(text);
  }

  /**
   * The items of an array.
   *
   * @return each
   * @throws IllegalArgumentException where it is no array
   */
  public List<Json> items() {
    return Slices.array(text);
  }

  // Inside a value that Jackson writes or reads, it is the JSON that it holds, too.

  @Override
  public void serialize(JsonGenerator generator, SerializerProvider provider) throws IOException {
    generator.writeRawValue(text);
  }

  @Override
  public void serializeWithType(
      JsonGenerator generator, SerializerProvider provider, TypeSerializer type)
      throws IOException {
    serialize(generator, provider);
  }

  private static final class Reader extends StdDeserializer<Json> {
    private static final long serialVersionUID = 1;

    Reader() {
      super(Json.class);
    }

    @Override
    public Json deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      return of(context.readTree(parser));
    }

    @Override
    public Json getNullValue(DeserializationContext context) {
      return NULL;
    }
  }

  Json itself() {
    return this;
  }

  String asText() {
    if (!text.startsWith("\"")) return text;
    return text.indexOf('\\') < 0 ? text.substring(1, text.length() - 1) : as(String.class);
  }

  Long asLong() {
    return Long.valueOf(text);
  }

  Instant asInstant() {
    return Instant.ofEpochMilli(asLong());
  }

  /** The same text: numbers of one value that are written in two ways are not equal. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Json json && text.equals(json.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
