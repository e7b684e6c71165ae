package dev.dbosc;

import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A logger that keeps what it is told, from one level on. */
final class ToldLines implements System.Logger {
  private final Level lowest;
  private final Consumer<LogLine> first;
  private final List<LogLine> lines = new CopyOnWriteArrayList<>();

  ToldLines(Level lowest) {
    this(lowest, line -> {});
  }

  /** Does something with each line before it keeps it. */
  ToldLines(Level lowest, Consumer<LogLine> first) {
    this.lowest = lowest;
    this.first = first;
  }

  List<LogLine> lines() {
    return List.copyOf(lines);
  }

  /** Those of one event, whose text has this in it. */
  List<LogLine> lines(String event, String part) {
    return lines.stream()
        .filter(line -> line.text().contains(" [" + event + " "))
        .filter(line -> line.text().contains(part))
        .toList();
  }

  @Override
  public String getName() {
    return "told lines";
  }

  @Override
  public boolean isLoggable(Level level) {
    return level.getSeverity() >= lowest.getSeverity();
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
    throw new AssertionError("no line has a throwable: " + text);
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String text, Object... parameters) {
    if (parameters != null && parameters.length > 0) {
      throw new AssertionError("a text with parameters is a format: " + text);
    }
    LogLine line = new LogLine(level, text);
    first.accept(line);
    lines.add(line);
  }
}
