package dev.dbosc.types;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keys of a request, of a part of one, or of a client's settings. Immutable. */
public abstract class Request {
  private final Map<String, Json> keys;

  Request(RequestBuilder builder) {
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(builder.keys()));
  }

  final Map<String, Json> keys() {
    return keys;
  }

  /**
   * What the library is given.
   *
   * @return an object that has the keys that were set
   */
  public final Json toJson() {
    StringBuilder text = new StringBuilder("{");
    keys.forEach(
        (key, value) -> {
          if (text.length() > 1) text.append(',');
          text.append('"').append(key).append("\":").append(value.text());
        });
    return Json.trusted(text.append('}').toString());
  }

  @Override
  public final boolean equals(Object other) {
    return other != null && getClass() == other.getClass() && keys.equals(((Request) other).keys);
  }

  @Override
  public final int hashCode() {
    return keys.hashCode();
  }

  /** The names of what is set; not the values, which may be secret. */
  @Override
  public final String toString() {
    return getClass().getSimpleName() + keys.keySet();
  }
}
