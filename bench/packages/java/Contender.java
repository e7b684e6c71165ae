import dev.dbosc.Client;
import dev.dbosc.types.Config;
import dev.dbosc.types.EnqueueRequest;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Contender: the Java package of ours, for `enqueue`. Interface: see ../../README.md. */
final class Contender {
  private final Map<String, String> keys = new HashMap<>();

  private Contender(String[] arguments) {
    for (String argument : arguments) {
      String[] pair = argument.split("=", 2);
      keys.put(pair[0], pair[1]);
    }
  }

  public static void main(String[] arguments) throws Exception {
    Contender contender = new Contender(arguments);
    boolean able = contender.keys.get("op").equals("enqueue");
    System.out.println("RESULT " + (able ? contender.enqueue() : "{\"unsupported\":1}"));
  }

  private int number(String key, int otherwise) {
    return Integer.parseInt(keys.getOrDefault(key, String.valueOf(otherwise)));
  }

  private static long cpuNanoseconds() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long peakKilobytes() throws Exception {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      String peak = lines.filter(line -> line.startsWith("VmHWM:")).findFirst().orElseThrow();
      return Long.parseLong(peak.replaceAll("\\D", ""));
    }
  }

  /** Runs work `count` times over the callers; the nanoseconds that each took. */
  private static long[] shared(int count, int callers, Runnable work) throws InterruptedException {
    long[] took = new long[count];
    Thread[] threads = new Thread[callers];
    for (int caller = 0; caller < callers; caller++) {
      int first = caller;
      threads[caller] =
          new Thread(
              () -> {
                for (int i = first; i < count; i += callers) {
                  long start = System.nanoTime();
                  work.run();
                  took[i] = System.nanoTime() - start;
                }
              });
      threads[caller].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return took;
  }

  private String enqueue() throws Exception {
    var config = Config.builder().systemDatabaseUrl(keys.get("url"));
    if (number("pool", 0) > 0) {
      config.poolSize(number("pool", 0));
    }
    EnqueueRequest request =
        EnqueueRequest.builder("perf_wf", "perf_q")
            .args(List.of("x".repeat(number("size", 100))))
            .build();
    int count = number("n", 1), callers = number("c", 1);
    try (Client client = Client.open(config.build())) {
      shared(number("warm", 0), callers, () -> client.enqueue(request));
      long cpu = cpuNanoseconds(), start = System.nanoTime();
      long[] took = shared(count, callers, () -> client.enqueue(request));
      double seconds = (System.nanoTime() - start) / 1e9;
      double used = (cpuNanoseconds() - cpu) / 1e9;
      Arrays.sort(took);
      return String.format(
          "{\"n\":%d,\"secs\":%f,\"cpu_s\":%f,\"p50_us\":%f,\"p99_us\":%f,\"rss_kb\":%d}",
          count, seconds, used, microseconds(took, 50), microseconds(took, 99), peakKilobytes());
    }
  }

  private static double microseconds(long[] sorted, int part) {
    return sorted[Math.min(sorted.length - 1, sorted.length * part / 100)] / 1e3;
  }
}
