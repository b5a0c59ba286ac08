package dev.athanor.oci.diff;

import dev.athanor.engine.diff.Format;
import dev.athanor.engine.diff.format.Formats;
import java.util.List;
import java.util.stream.Stream;

/// All formats that are known, those of images first.
public final class ImageFormats {
  /// In the order in which they are to be asked.
  public static final List<Format> ALL =
      Stream.concat(
              Stream.of(
                  new RootFsFormat(), new TarFormat(), new ZstdFormat(), new DocumentFormat()),
              Formats.GENERAL.stream())
          .toList();

  private ImageFormats() {}
}
