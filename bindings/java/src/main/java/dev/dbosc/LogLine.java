package dev.dbosc;

import dev.dbosc.types.Json;
import java.util.Map;
import java.util.Set;

/**
 * A line of the library's log as a logger takes it.
 *
 * @param level the logger's word for its level
 * @param text its message, and in brackets the event and what belongs to it
 */
record LogLine(System.Logger.Level level, String text) {
  private static final Set<String> ELSEWHERE = Set.of("time", "level", "event", "message");

  static LogLine of(String line) {
    Map<String, Json> members = Json.trusted(line).members();
    StringBuilder text = new StringBuilder(word(members, "message"));
    text.append(" [").append(word(members, "event"));
    members.forEach(
        (key, value) -> {
          if (ELSEWHERE.contains(key)) return;
          text.append(' ').append(key).append('=').append(value.text());
        });
    return new LogLine(LogLevel.of(word(members, "level")).level, text.append(']').toString());
  }

  private static String word(Map<String, Json> members, String key) {
    return members.get(key).as(String.class);
  }
}
