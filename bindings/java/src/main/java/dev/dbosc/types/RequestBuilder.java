package dev.dbosc.types;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the builders share: keys with their JSON. A null where a value is wanted leaves the key out.
 */
abstract class RequestBuilder {
  private final Map<String, Json> keys = new LinkedHashMap<>();

  Map<String, Json> keys() {
    return keys;
  }

  final void putKeys(Request request) {
    keys.putAll(request.keys());
  }

  private void set(String key, Json value) {
    if (value == null) keys.remove(key);
    else keys.put(key, value);
  }

  final void put(String key, String value) {
    set(key, value == null ? null : Json.of(value));
  }

  final void put(String key, long value) {
    set(key, Json.of(value));
  }

  final void put(String key, boolean value) {
    set(key, Json.of(value));
  }

  /** Rounded up to milliseconds: no wait gets shorter. */
  final void put(String key, Duration value) {
    set(key, value == null ? null : Json.of(value.plusNanos(999_999).toMillis()));
  }

  final void put(String key, Instant value) {
    set(key, value == null ? null : Json.of(value.toEpochMilli()));
  }

  final void put(String key, Request value) {
    set(key, value == null ? null : value.toJson());
  }

  final void putTexts(String key, Collection<String> values) {
    set(key, values == null ? null : Json.of(values));
  }

  final void putAll(String key, Collection<? extends Request> values) {
    if (values == null) {
      set(key, null);
      return;
    }
    String items =
        values.stream().map(value -> value.toJson().text()).collect(Collectors.joining(","));
    set(key, Json.trusted("[" + items + "]"));
  }

  /** Any value; null is JSON's null. */
  final void putPayload(String key, Object value) {
    set(key, Json.of(value));
  }

  final void putNull(String key) {
    set(key, Json.NULL);
  }
}
