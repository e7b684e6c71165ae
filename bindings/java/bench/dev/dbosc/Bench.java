package dev.dbosc;

import dev.dbosc.types.EnqueueRequest;
import dev.dbosc.types.GetResultReply;
import dev.dbosc.types.PreviewScheduleRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * What the package costs: bench/run URL, on a system database that may be filled with workflows
 * that nobody runs. In the package of what it measures, to reach the layer below.
 */
final class Bench {
  private static final int CALLS = 20_000;
  private static final int ROUNDS = 5;
  private static final int WAITS = 1_000;
  private static final int ENQUEUES = 2_000;
  private static final int IN_FLIGHT = 64;

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    calls(arguments[0]);
    waits(arguments[0]);
    enqueues(arguments[0]);
  }

  private interface Task {
    void run() throws Exception;
  }

  private static double seconds(Task task) throws Exception {
    long start = System.nanoTime();
    task.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static void tell(String what, double value, String unit) {
    System.out.printf("%-44s %12.2f %s%n", what, value, unit);
  }

  // --- A call that needs no database -----------------------------------------------------------

  /** The best of some rounds: the rest is the machine's. */
  private static double microseconds(Task call) throws Exception {
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      best = Math.min(best, seconds(() -> repeat(call)));
    }
    return best / CALLS * 1e6;
  }

  private static void repeat(Task call) throws Exception {
    for (int i = 0; i < CALLS; i++) call.run();
  }

  private static void calls(String url) throws Exception {
    PreviewScheduleRequest request =
        PreviewScheduleRequest.builder()
            .schedule("* * * * *")
            .language("python")
            .count(1)
            .build();
    byte[] name = Utf8.bytes("preview_schedule");
    byte[] text = Utf8.bytes(request.toJson().text());
    String config = dev.dbosc.types.Config.builder().systemDatabaseUrl(url).build().toJson().text();
    long raw = NativeOutcome.client(Raw.raw_open(Utf8.bytes(config), 0));
    double below = microseconds(() -> NativeOutcome.reply(Raw.raw_call(raw, name, text, 0)));
    Raw.dbosc_client_free(raw);
    tell("preview_schedule, the C call through JNI", below, "us");
    try (Client client = Client.open(url)) {
      double blocking = microseconds(() -> client.previewSchedule(request));
      double async = microseconds(() -> client.previewScheduleAsync(request).join());
      tell("client.previewSchedule", blocking, "us");
      tell("client.previewScheduleAsync, joined", async, "us");
    }
  }

  // --- Waits -----------------------------------------------------------------------------------

  private static long threads() throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.count();
    }
  }

  private static double resident() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS")) return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
    }
    return 0;
  }

  private static void waits(String url) throws IOException {
    try (Client client = Client.open(url)) {
      client.checkConnection();
      long threads = threads();
      double memory = resident();
      List<CompletableFuture<GetResultReply>> waits = new ArrayList<>();
      for (int i = 0; i < WAITS; i++)
        waits.add(client.getResultAsync(UUID.randomUUID().toString()));
      tell(WAITS + " waits, threads more", threads() - threads, "");
      tell(WAITS + " waits, memory more", resident() - memory, "MiB");
    }
  }

  // --- Enqueues --------------------------------------------------------------------------------

  private static void enqueues(String url) throws Exception {
    EnqueueRequest request = EnqueueRequest.builder("bench", "bench").args("a".repeat(100)).build();
    try (Client client = Client.open(url)) {
      for (int i = 0; i < 200; i++) client.enqueue(request);
      tell("enqueue, one thread", rate(() -> callers(client, request, 1)), "/s");
      tell("enqueue, eight threads", rate(() -> callers(client, request, 8)), "/s");
      tell("enqueueAsync, 64 in flight", rate(() -> submitted(client, request)), "/s");
    }
  }

  private static double rate(Task task) throws Exception {
    return ENQUEUES / seconds(task);
  }

  private static void callers(Client client, EnqueueRequest request, int threads) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    List<Future<?>> ends = new ArrayList<>();
    for (int i = 0; i < ENQUEUES; i++) ends.add(executor.submit(() -> client.enqueue(request)));
    for (Future<?> end : ends) end.get();
    executor.shutdown();
  }

  private static void submitted(Client client, EnqueueRequest request) throws Exception {
    Semaphore places = new Semaphore(IN_FLIGHT);
    List<CompletableFuture<?>> ends = new ArrayList<>();
    for (int i = 0; i < ENQUEUES; i++) {
      places.acquire();
      ends.add(client.enqueueAsync(request).whenComplete((reply, error) -> places.release()));
    }
    CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).join();
  }
}
