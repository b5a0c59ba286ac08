package dev.athanor.cli;

import com.google.common.base.Splitter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// The files that this process was loaded from.
final class ProgramFiles {
  private ProgramFiles() {}

  /// Another text for every other program: name, size and time of each jar.
  static String fingerprint() {
    StringBuilder text = new StringBuilder();
    String classPath = System.getProperty("java.class.path", "");
    for (String entry : Splitter.on(File.pathSeparatorChar).split(classPath)) {
      Path path = Path.of(entry);
      try {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        text.append(path.getFileName()).append(' ').append(attributes.size());
        text.append(' ').append(attributes.lastModifiedTime().toMillis()).append('\n');
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return text.toString();
  }
}
