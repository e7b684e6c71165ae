package dev.dbosc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dbosc.types.Config;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients of other tests may tell something meanwhile, so each looks for lines of its own. */
class LogTest {
  private static final String OPENED = "client_opened";
  private static final Set<Thread.State> WAITING_OR_ENDED =
      EnumSet.of(Thread.State.WAITING, Thread.State.TERMINATED);

  private final List<Log> begun = new ArrayList<>();

  private Log logTo(System.Logger logger) {
    Log log = Log.to(logger);
    begun.add(log);
    return log;
  }

  @AfterEach
  void endLogs() {
    begun.forEach(Log::close);
  }

  private static Config settings(String applicationName) {
    return Config.builder()
        .systemDatabaseUrl(Backend.SQLITE.url())
        .applicationName(applicationName)
        .build();
  }

  /** Has the library tell that a client of this name was opened. */
  private static void tellOpened(String applicationName) {
    Client.open(settings(applicationName)).close();
  }

  private static String fresh() {
    return UUID.randomUUID().toString();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(Eventually.BOUND.toSeconds(), TimeUnit.SECONDS));
    } catch (InterruptedException error) {
      throw new AssertionError(error);
    }
  }

  // --- Lines -----------------------------------------------------------------------------------

  @Test
  void whatTheLibraryTellsGoesToTheLogger() {
    ToldLines told = new ToldLines(Level.INFO);
    Log log = logTo(told);
    String name = "gö 😀 {0} " + fresh();
    tellOpened(name + "\n\"");
    log.close();
    LogLine opened = told.lines(OPENED, "application_name=\"" + name + "\\n\\\"\"").get(0);
    assertEquals(Level.INFO, opened.level());
    Matcher text =
        Pattern.compile("a client was opened \\[client_opened (client=\\d+) .* pool_size=\\d+]")
            .matcher(opened.text());
    assertTrue(text.matches(), opened.text());
    assertEquals(1, told.lines("client_closed", text.group(1) + "]").size());
  }

  @Test
  void anOutageIsAWarningWithItsKind() {
    ToldLines told = new ToldLines(Level.INFO);
    Log log = logTo(told);
    String nobodyListens = "postgresql://nobody@127.0.0.1:1/none";
    try (Client client =
        Client.open(Config.builder().systemDatabaseUrl(nobodyListens).lazy(true).build())) {
      assertThrows(DboscException.Unavailable.class, client::checkConnection);
    }
    log.close();
    List<LogLine> outages = told.lines("outage_begin", "kind=\"");
    assertEquals(1, outages.size(), told.lines().toString());
    assertEquals(Level.WARNING, outages.get(0).level());
  }

  @Test
  void everyLevelHasItsName() {
    String line = "{\"time\":\"t\",\"level\":\"%s\",\"event\":\"e\",\"message\":\"m\",\"n\":1.10}";
    assertEquals(new LogLine(Level.ERROR, "m [e n=1.10]"), LogLine.of(line.formatted("error")));
    assertEquals(Level.WARNING, LogLine.of(line.formatted("warn")).level());
    assertEquals(Level.INFO, LogLine.of(line.formatted("info")).level());
    assertEquals(Level.DEBUG, LogLine.of(line.formatted("debug")).level());
  }

  @Test
  void theJvmsOwnLoggerTakesALineAsItIs() {
    String name = "dbosc-" + fresh();
    List<String> texts = new ArrayList<>();
    Logger logger = Logger.getLogger(name);
    logger.setUseParentHandlers(false);
    logger.addHandler(
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            texts.add(new java.util.logging.SimpleFormatter().formatMessage(line));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        });
    Log log = logTo(System.getLogger(name));
    tellOpened("{0} %s '" + name);
    log.close();
    assertEquals(
        1,
        texts.stream().filter(text -> text.contains("=\"{0} %s '" + name + "\"")).count(),
        texts.toString());
  }

  @Test
  void linesOfManyClientsAllArrive() {
    ToldLines told = new ToldLines(Level.INFO);
    Log log = logTo(told);
    List<String> names = IntStream.range(0, 40).mapToObj(i -> fresh()).toList();
    List<CompletableFuture<Void>> clients =
        names.stream().map(name -> CompletableFuture.runAsync(() -> tellOpened(name))).toList();
    clients.forEach(CompletableFuture::join);
    log.close();
    for (String name : names) assertEquals(1, told.lines(OPENED, name).size(), name);
  }

  // --- Levels ----------------------------------------------------------------------------------

  @Test
  void theLevelIsTheLowestThatTheLoggerTakes() {
    assertEquals("debug", LogLevel.lowest(new ToldLines(Level.ALL)));
    assertEquals("debug", LogLevel.lowest(new ToldLines(Level.DEBUG)));
    assertEquals("info", LogLevel.lowest(new ToldLines(Level.INFO)));
    assertEquals("warn", LogLevel.lowest(new ToldLines(Level.WARNING)));
    assertEquals("error", LogLevel.lowest(new ToldLines(Level.ERROR)));
    assertEquals("off", LogLevel.lowest(new ToldLines(Level.OFF)));
  }

  @Test
  void callsAreToldToALoggerOfDebugAlone() {
    ToldLines all = new ToldLines(Level.DEBUG);
    ToldLines some = new ToldLines(Level.INFO);
    for (ToldLines told : List.of(all, some)) {
      Log log = logTo(told);
      try (Client client = Backend.SQLITE.open()) {
        client.listQueues();
      }
      log.close();
    }
    List<LogLine> calls = all.lines("call", "operation=\"list_queues\"");
    assertEquals(1, calls.size(), all.lines().toString());
    assertEquals(Level.DEBUG, calls.get(0).level());
    assertTrue(some.lines().stream().noneMatch(line -> line.level() == Level.DEBUG));
    assertFalse(some.lines().isEmpty());
  }

  @Test
  void theLibraryTellsNothingBelowTheLevelOfTheLogger() {
    List<LogLine> told = new ArrayList<>();
    ToldLines warnings = new ToldLines(Level.WARNING, told::add);
    Log log = logTo(warnings);
    tellOpened(fresh());
    log.close();
    assertTrue(told.stream().noneMatch(line -> line.level() == Level.INFO), told.toString());
  }

  @Test
  void aLoggerThatTakesNothingIsToldNothing() {
    ToldLines told = new ToldLines(Level.OFF);
    Log log = logTo(told);
    tellOpened(fresh());
    log.close();
    assertEquals(List.of(), told.lines());
  }

  // --- The end ---------------------------------------------------------------------------------

  /** Does it on a thread that has to wait until the latch is counted down, and to its end. */
  private static void waitsFor(CountDownLatch held, Runnable task) {
    Thread thread = new Thread(task);
    thread.start();
    Eventually.holds("it waits or ends", () -> WAITING_OR_ENDED.contains(thread.getState()));
    boolean waited = thread.isAlive();
    held.countDown();
    Threads.awaitEnd(thread);
    assertTrue(waited, "it did not wait for what the logger has not got yet");
  }

  private static List<String> opened(ToldLines told, List<String> names) {
    return told.lines(OPENED, "").stream()
        .map(LogLine::text)
        .flatMap(text -> names.stream().filter(text::contains))
        .toList();
  }

  private static List<String> freshNames() {
    return IntStream.range(0, 30).mapToObj(i -> fresh()).toList();
  }

  @Test
  void closeReturnsWhenAllThatWasToldIsLoggedInItsOrder() {
    CountDownLatch held = new CountDownLatch(1);
    ToldLines told = new ToldLines(Level.INFO, line -> await(held));
    Log log = logTo(told);
    List<String> names = freshNames();
    names.forEach(LogTest::tellOpened);
    waitsFor(held, log::close);
    assertEquals(names, opened(told, names));
  }

  @Test
  void afterCloseNothingIsToldAndFurtherClosesDoNothing() {
    ToldLines told = new ToldLines(Level.INFO);
    Log log = logTo(told);
    log.close();
    log.close();
    List<LogLine> before = told.lines();
    tellOpened(fresh());
    assertEquals(before, told.lines());
    assertEquals(Statuses.INVALID_STATE, statusOfTheQueue());
  }

  /** INVALID_STATE where the library's log is off. */
  private static int statusOfTheQueue() {
    long outcome = Raw.raw_log_next(0);
    try {
      return Raw.raw_status(outcome);
    } finally {
      Raw.raw_outcome_free(outcome);
    }
  }

  @Test
  void aLaterLogTakesOverWhenTheEarlierHasAllThatWasTold() {
    CountDownLatch held = new CountDownLatch(1);
    ToldLines earlier = new ToldLines(Level.INFO, line -> await(held));
    ToldLines later = new ToldLines(Level.INFO);
    logTo(earlier);
    List<String> before = freshNames();
    before.forEach(LogTest::tellOpened);
    waitsFor(held, () -> logTo(later));
    assertEquals(1, logThreads());
    assertEquals(before, opened(earlier, before));
    List<String> after = freshNames();
    after.forEach(LogTest::tellOpened);
    begun.get(1).close();
    assertEquals(after, opened(later, after));
    assertEquals(List.of(), opened(earlier, after));
  }

  @Test
  void theCloseOfAnEarlierLogLeavesTheLaterOne() {
    Log earlier = logTo(new ToldLines(Level.INFO));
    ToldLines told = new ToldLines(Level.INFO);
    Log later = logTo(told);
    earlier.close();
    String name = fresh();
    tellOpened(name);
    later.close();
    assertEquals(1, told.lines(OPENED, name).size());
  }

  private static long logThreads() {
    return Thread.getAllStackTraces().keySet().stream().filter(LogThread.class::isInstance).count();
  }

  @Test
  void logsThatBeginAndEndAtOnceLeaveNoneBehind() {
    List<CompletableFuture<Void>> threads =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    CompletableFuture.runAsync(
                        () -> {
                          Log log = Log.to(new ToldLines(Level.INFO));
                          tellOpened(fresh());
                          log.close();
                        }))
            .toList();
    threads.forEach(CompletableFuture::join);
    assertEquals(Statuses.INVALID_STATE, statusOfTheQueue());
    assertEquals(0, logThreads());
  }

  @Test
  void anInterruptDoesNotEndTheWaitOfACloseAndIsKept() {
    CountDownLatch held = new CountDownLatch(1);
    ToldLines told = new ToldLines(Level.INFO, line -> await(held));
    Log log = logTo(told);
    String name = fresh();
    tellOpened(name);
    AtomicReference<Boolean> interrupted = new AtomicReference<>();
    waitsFor(
        held,
        () -> {
          Thread.currentThread().interrupt();
          log.close();
          interrupted.set(Thread.currentThread().isInterrupted());
        });
    assertEquals(true, interrupted.get());
    assertEquals(1, told.lines(OPENED, name).size());
  }

  // --- Loggers that misbehave ------------------------------------------------------------------

  @Test
  void aLoggerThatThrowsIsToldWhatFollows() {
    AtomicInteger thrown = new AtomicInteger();
    ToldLines told = new ToldLines(Level.INFO, line -> throwAtSome(line, thrown));
    String name = fresh();
    PrintStream console = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
      Log log = logTo(told);
      for (int i = 0; i < 4; i++) tellOpened("throw-" + i);
      tellOpened(name);
      log.close();
    } finally {
      System.setErr(console);
    }
    assertEquals(4, thrown.get());
    assertEquals(1, told.lines(OPENED, name).size());
    String error = printed.toString(StandardCharsets.UTF_8);
    assertEquals(2, error.split("of a test", -1).length, "told once: " + error);
  }

  private static void throwAtSome(LogLine line, AtomicInteger thrown) {
    if (!line.text().contains("throw-")) return;
    if (thrown.getAndIncrement() % 2 == 0) throw new IllegalStateException("of a test");
    throw new StackOverflowError("of a test");
  }

  @Test
  void aLoggerThatWouldWaitForItselfIsRefused() {
    AtomicReference<Log> log = new AtomicReference<>();
    List<String> kinds = new ArrayList<>();
    ToldLines told =
        new ToldLines(
            Level.INFO,
            line -> {
              if (!kinds.isEmpty()) return;
              ToldLines other = new ToldLines(Level.INFO);
              kinds.add(assertThrows(DboscException.class, () -> Log.to(other)).kind());
              kinds.add(assertThrows(DboscException.class, log.get()::close).kind());
            });
    log.set(logTo(told));
    String name = fresh();
    tellOpened(name);
    log.get().close();
    assertEquals(List.of("in_callback", "in_callback"), kinds);
    assertEquals(1, told.lines(OPENED, name).size());
  }

  @Test
  void closeEndsThoughTheLoggersOwnCallsAreTold() {
    try (Client client = Backend.SQLITE.open()) {
      ToldLines told = new ToldLines(Level.DEBUG, line -> client.clientStats());
      Log log = logTo(told);
      client.clientStats();
      Eventually.holds("its calls are told", () -> told.lines().size() > 2);
      log.close();
      assertEquals(Statuses.INVALID_STATE, statusOfTheQueue());
    }
  }

  @Test
  void noLoggerIsNoLog() {
    assertThrows(NullPointerException.class, () -> Log.to(null));
    assertEquals(Statuses.INVALID_STATE, statusOfTheQueue());
  }

  // --- The JVM ---------------------------------------------------------------------------------

  /** A program that closes nothing. */
  static final class Forgetful {
    public static void main(String[] arguments) {
      Log.to(System.getLogger("dbosc"));
      System.out.println(Client.open(arguments[0]).checkConnection().toString());
    }
  }

  @Test
  void aJvmEndsWhileTheLogGoesOn() throws IOException, InterruptedException {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xcheck:jni",
                "-cp",
                System.getProperty("java.class.path"),
                Forgetful.class.getName(),
                Backend.SQLITE.url())
            .redirectErrorStream(true)
            .start();
    try {
      assertTrue(program.waitFor(Eventually.BOUND.toSeconds(), TimeUnit.SECONDS));
      String printed = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, program.exitValue(), printed);
      assertFalse(printed.contains("in native method"), printed); // what -Xcheck:jni says
    } finally {
      program.destroyForcibly();
    }
  }
}
