package dev.dbosc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A worker of the Python SDK on a system database; it ends when its input is closed. */
final class Worker implements AutoCloseable {
  static final String APPLICATION = "java-package";
  static final String VERSION = "v1";

  private static final Path PROGRAM =
      Path.of("../../tests/interop/workers/python_worker.py").toAbsolutePath().normalize();

  private final Process process;

  Worker(Backend backend) throws IOException {
    Path log = Files.createTempFile("dbosc-worker", ".log");
    log.toFile().deleteOnExit();
    Path python = Path.of(Backend.environment("DBOSC_PYTHON_SDK"), "python");
    process =
        new ProcessBuilder(
                python.toString(), "-B", PROGRAM.toString(), "work", backend.url(), APPLICATION, VERSION)
            .redirectError(log.toFile())
            .start();
    String line = process.inputReader().readLine();
    if (!"READY".equals(line)) {
      close();
      throw new IllegalStateException("the worker: " + line + "\n" + Files.readString(log));
    }
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) process.destroyForcibly().waitFor();
    } catch (InterruptedException error) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
