package dev.athanor.engine.diff;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// One comparison that goes on.
final class Run {
  final BlobStore blobs;
  final Findings findings;
  final Spool spool;
  private final List<Format> formats;
  private final Limits limits;

  Run(BlobStore blobs, List<Format> formats, Limits limits) {
    this.blobs = blobs;
    this.formats = formats;
    this.limits = limits;
    this.findings = new Findings(limits.differences());
    this.spool = new Spool(limits.unpackedBytes());
  }

  /// A file of the store is read where it is. What has no file is copied, and counts as unpacked.
  Data open(Digest blob) throws IOException {
    if (blob.size() == 0) {
      return Data.EMPTY;
    }
    Optional<Path> file = blobs.file(blob, false);
    if (file.isPresent()) {
      return FileData.open(file.get());
    }
    try (InputStream in = blobs.open(blob)) {
      return spool.take(in);
    }
  }

  void compare(Data before, Data after, Place place, int depth) throws IOException {
    if (FirstMismatch.from(0, before, after) < 0) {
      return;
    }
    if (findings.isFull()) {
      findings.leaveOut(1);
    } else if (depth >= limits.depth() || !compareByFormat(before, after, place)) {
      comparePlain(before, after, place);
    }
  }

  /// Whether the two have formats by which they could be compared.
  private boolean compareByFormat(Data before, Data after, Place place) throws IOException {
    Optional<Format> one = format(before);
    Optional<Format> other = format(after);
    if (one.isPresent() && one.equals(other)) {
      return compare(one.get(), before, after, place);
    }
    if (one.isEmpty() && other.isEmpty()) {
      return false;
    }
    if (Wrapper.compare(one, before, other, after, place)) {
      return true;
    }
    place.add(Aspect.KIND, one.map(Format::name).orElse(""), other.map(Format::name).orElse(""));
    return false;
  }

  private boolean compare(Format format, Data before, Data after, Place place) {
    Findings.Mark mark = findings.mark();
    try {
      format.compare(before, after, place);
      if (findings.isEmptySince(mark)) {
        HexWindows.compare(before, after, place, Aspect.ENCODING);
      }
      return true;
    } catch (IOException e) {
      findings.forget(mark);
      return false;
    }
  }

  private Optional<Format> format(Data data) throws IOException {
    for (Format format : formats) {
      if (format.recognises(data)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  private static void comparePlain(Data before, Data after, Place place) throws IOException {
    if (Text.isText(before) && Text.isText(after)) {
      Text.compare(before, after, place);
    } else {
      HexWindows.compare(before, after, place, Aspect.BYTES);
    }
  }
}
