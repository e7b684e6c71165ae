package dev.dbosc.types;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The keys of a reply, each read as the type that the description gives it. */
final class Fields {
  private final Map<String, Json> members;

  private Fields(Map<String, Json> members) {
    this.members = members;
  }

  static Fields of(Json json) {
    return new Fields(json.members());
  }

  private <T> T read(String key, Function<Json, T> reader) {
    Json found = members.get(key);
    return found == null || found.isNull() ? null : reader.apply(found);
  }

  /** Null only where the key is absent: a payload may be null itself. */
  Json json(String key) {
    return members.get(key);
  }

  String text(String key) {
    return read(key, Json::asText);
  }

  Long number(String key) {
    return read(key, Json::asLong);
  }

  Boolean truth(String key) {
    return read(key, json -> Boolean.valueOf(json.text()));
  }

  Instant instant(String key) {
    return read(key, Json::asInstant);
  }

  Duration duration(String key) {
    return read(key, json -> Duration.ofMillis(json.asLong()));
  }

  <T> T struct(String key, Function<Json, T> reader) {
    return read(key, reader);
  }

  <T> List<T> list(String key, Function<Json, T> reader) {
    List<T> items = new ArrayList<>();
    Json found = members.get(key);
    if (found != null && !found.isNull())
      found.items().forEach(item -> items.add(reader.apply(item)));
    return List.copyOf(items);
  }
}
