package dev.dbosc;

import java.util.Locale;

/** The library's levels, the lowest first, and what a logger calls them. */
enum LogLevel {
  DEBUG(System.Logger.Level.DEBUG),
  INFO(System.Logger.Level.INFO),
  WARN(System.Logger.Level.WARNING),
  ERROR(System.Logger.Level.ERROR);

  final System.Logger.Level level;

  LogLevel(System.Logger.Level level) {
    this.level = level;
  }

  static LogLevel of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** The library's word for the lowest level that the logger takes. */
  static String lowest(System.Logger logger) {
    for (LogLevel each : values()) {
      if (logger.isLoggable(each.level)) return each.name().toLowerCase(Locale.ROOT);
    }
    return "off";
  }
}
