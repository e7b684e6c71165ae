package dev.dbosc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Loads the native part: from the file that the property {@code dbosc.library} names, else from
 * {@code java.library.path}, else from the jar, by way of a private temporary folder that is gone
 * as soon as it is loaded.
 */
final class NativeLibrary {
  private static final String NAME = "dbosc_java";

  private NativeLibrary() {}

  static void load() {
    String file = System.getProperty("dbosc.library");
    if (file != null) {
      System.load(Path.of(file).toAbsolutePath().toString());
      return;
    }
    try {
      System.loadLibrary(NAME);
    } catch (UnsatisfiedLinkError notOnPath) {
      loadFromJar(notOnPath);
    }
  }

  private static String resource() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    return "natives/"
        + system
        + "-"
        + System.getProperty("os.arch")
        + "/"
        + System.mapLibraryName(NAME);
  }

  private static void loadFromJar(UnsatisfiedLinkError notOnPath) {
    try (InputStream library = NativeLibrary.class.getResourceAsStream(resource())) {
      if (library == null) {
        throw notOnPath; // nor for this system in the jar
      }
      loadCopy(library);
    } catch (IOException error) {
      throw failed(error);
    }
  }

  // A folder that only this user can enter, and that is new: nobody else can have put a file there.
  private static void loadCopy(InputStream library) throws IOException {
    String parent = System.getProperty("dbosc.tmpdir");
    Path folder =
        parent == null
            ? Files.createTempDirectory("dbosc")
            : Files.createTempDirectory(Path.of(parent), "dbosc");
    Path copy = folder.resolve(System.mapLibraryName(NAME));
    try {
      Files.copy(library, copy);
      System.load(copy.toAbsolutePath().toString());
    } catch (UnsatisfiedLinkError error) {
      throw failed(error);
    } finally {
      Files.deleteIfExists(copy);
      Files.delete(folder);
    }
  }

  private static UnsatisfiedLinkError failed(Throwable error) {
    UnsatisfiedLinkError told =
        new UnsatisfiedLinkError(
            "dbosc: its native part cannot be loaded ("
                + error.getMessage()
                + "). It needs libpq, libsqlite3 and libcctz; where the temporary folder cannot"
                + " hold programs, name another by -Ddbosc.tmpdir, or the library by"
                + " -Ddbosc.library");
    told.initCause(error);
    return told;
  }
}
