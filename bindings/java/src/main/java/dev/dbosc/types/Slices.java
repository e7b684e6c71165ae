package dev.dbosc.types;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cuts the members or the items out of a JSON text that is known to be right. Not recursive. */
final class Slices {
  private final String text;
  private int at;

  private Slices(String text) {
    this.text = text;
  }

  static Map<String, Json> object(String text) {
    Slices slices = new Slices(text);
    Map<String, Json> members = new LinkedHashMap<>();
    slices.open('{', "object");
    while (slices.more('}')) {
      String key = slices.value().asText();
      slices.space();
      slices.at++; // the colon
      members.put(key, slices.value());
    }
    return members;
  }

  static List<Json> array(String text) {
    Slices slices = new Slices(text);
    List<Json> items = new ArrayList<>();
    slices.open('[', "array");
    while (slices.more(']')) items.add(slices.value());
    return items;
  }

  private void open(char bracket, String what) {
    space();
    if (at >= text.length() || text.charAt(at) != bracket) {
      throw new IllegalArgumentException("not a JSON " + what);
    }
    at++;
  }

  /** Whether another member or item comes before the bracket. */
  private boolean more(char bracket) {
    space();
    if (text.charAt(at) == ',') {
      at++;
      space();
    }
    return text.charAt(at) != bracket;
  }

  private void space() {
    while (at < text.length() && text.charAt(at) <= ' ') at++;
  }

  private Json value() {
    space();
    int start = at;
    char first = text.charAt(at);
    if (first == '"') {
      skipText();
    } else if (first == '{' || first == '[') {
      skipNested();
    } else {
      while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) at++;
    }
    return Json.trusted(text.substring(start, at));
  }

  private void skipText() {
    for (at++; text.charAt(at) != '"'; at++) {
      if (text.charAt(at) == '\\') at++;
    }
    at++;
  }

  private void skipNested() {
    int depth = 0;
    do {
      switch (text.charAt(at)) {
        case '"' -> {
          skipText();
          continue;
        }
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        default -> {}
      }
      at++;
    } while (depth > 0);
  }
}
