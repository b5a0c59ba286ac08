package dev.athanor.engine.diff.format;

import dev.athanor.engine.diff.Format;
import java.util.List;

/// The formats that have nothing to do with images.
public final class Formats {
  /// In the order in which they are to be asked.
  public static final List<Format> GENERAL =
      List.of(
          new GzipFormat(),
          new ZipFormat(),
          new ArFormat(),
          new CpioFormat(),
          new ElfFormat(),
          new PycFormat(),
          new JsonFormat());

  private Formats() {}
}
