package dev.dbosc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A worker of the Python SDK on a system database. */
final class Worker implements AutoCloseable {
  static final String APPLICATION = "java-package";
  static final String VERSION = "v1";

  private static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();

  private final Process process;

  /** With the workflows of tests/interop/workers/README.md. */
  static Worker ofTests(Backend backend) throws IOException {
    return new Worker(
        "tests/interop/workers/python_worker.py", "work", backend.url(), APPLICATION, VERSION);
  }

  /** With the workflow `greet`. */
  static Worker ofQuickstart(Backend backend) throws IOException {
    return new Worker("examples/quickstart_worker.py", backend.url());
  }

  private Worker(String program, String... arguments) throws IOException {
    Path log = Files.createTempFile("dbosc-worker", ".log");
    log.toFile().deleteOnExit();
    Path python = Path.of(Backend.environment("DBOSC_PYTHON_SDK"), "python");
    List<String> command = new ArrayList<>();
    command.addAll(List.of(python.toString(), "-B", REPOSITORY.resolve(program).toString()));
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    String line = firstLine();
    if (!"READY".equals(line)) {
      close();
      throw new IllegalStateException("the worker: " + line + "\n" + Files.readString(log));
    }
  }

  private String firstLine() {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return process.inputReader().readLine();
              } catch (IOException error) {
                throw new UncheckedIOException(error);
              }
            })
        .completeOnTimeout("not ready in time", Eventually.BOUND.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) process.destroyForcibly().waitFor();
    } catch (InterruptedException error) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
