package dev.athanor.engine.cas;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/// The modification time of what nobody writes to says when it was last used.
public final class LastUse {
  /// How exactly: noting each use would cost more than the use itself.
  public static final Duration NOTED = Duration.ofMinutes(10);

  private LastUse() {}

  /// Notes that it is used now.
  ///
  /// @return whether it is there
  public static boolean note(Path path) throws IOException {
    return note(path, NOTED);
  }

  /// The same, as exactly as somebody needs who cleans up often.
  public static boolean note(Path path, Duration exactly) throws IOException {
    Instant now = Instant.now();
    try {
      if (Files.getLastModifiedTime(path).toInstant().isBefore(now.minus(exactly))) {
        Files.setLastModifiedTime(path, FileTime.from(now));
      }
    } catch (NoSuchFileException e) {
      return false;
    } catch (FileSystemException e) {
      // Somebody else's in a shared cache, which its owner has to look after.
    }
    return true;
  }
}
