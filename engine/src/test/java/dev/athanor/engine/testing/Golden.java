package dev.athanor.engine.testing;

import static com.google.common.truth.Truth.assertWithMessage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file that holds what a test expects. `-Dathanor.golden=update` writes it anew, for the review
/// to see what changed.
public final class Golden {
  private static final boolean UPDATE =
      System.getProperty("athanor.golden", "check").equals("update");

  private Golden() {}

  /// @param file below the module's directory
  public static void check(Path file, String actual) throws IOException {
    if (UPDATE) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, actual);
    }
    assertWithMessage("%s does not exist; -Dathanor.golden=update writes it", file)
        .that(Files.exists(file))
        .isTrue();
    assertWithMessage("%s; -Dathanor.golden=update writes it anew", file)
        .that(actual)
        .isEqualTo(Files.readString(file));
  }
}
