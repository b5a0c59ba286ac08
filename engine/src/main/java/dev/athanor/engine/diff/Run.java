package dev.athanor.engine.diff;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// One comparison that goes on.
final class Run {
  final BlobStore blobs;
  final Findings findings;
  final Spool spool;
  private final List<Format> formats;
  private final Limits limits;
  private long comparable;

  Run(BlobStore blobs, List<Format> formats, Limits limits, Path spool) {
    this.blobs = blobs;
    this.formats = formats;
    this.limits = limits;
    this.findings = new Findings(limits.differences());
    this.spool = new Spool(spool, limits.unpackedBytes());
    this.comparable = limits.comparedBytes();
  }

  /// A file of the store is read where it is. What has no file is copied, and counts as unpacked.
  Data open(Digest blob) throws IOException {
    if (blob.size() == 0) {
      return Data.EMPTY;
    }
    try {
      Optional<Path> file = blobs.file(blob, false);
      if (file.isPresent()) {
        return FileData.open(file.get());
      }
      try (InputStream in = blobs.open(blob)) {
        return spool.take(in);
      }
    } catch (MissingBlobException | DamagedException | StorageException e) {
      throw e;
    } catch (IOException e) {
      throw new StorageException(e);
    }
  }

  long mismatch(long start, Data before, Data after) throws IOException {
    if (comparable <= 0) {
      throw new DamagedException("compares more bytes than anybody wants to wait for");
    }
    long at = FirstMismatch.from(start, before, after);
    long common = Math.min(before.size(), after.size());
    comparable -= (at < 0 ? common : Math.min(common, at + FirstMismatch.BUFFER)) - start;
    return at;
  }

  /// Does what formats do. They are handed anything, and what trips one up must not keep anybody
  /// from seeing the rest: all but failures of the machine counts as damage.
  boolean attempt(Place.Work work) throws IOException {
    Findings.Mark mark = findings.mark();
    try {
      work.run();
      return true;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      Throwable cause = e instanceof UncheckedIOException unchecked ? unchecked.getCause() : e;
      if (cause instanceof StorageException
          || cause instanceof FileSystemException
          || cause instanceof ClosedChannelException) {
        throw (IOException) cause;
      }
      findings.forget(mark);
      return false;
    }
  }

  void compare(Data before, Data after, Place place, int depth) throws IOException {
    if (place.mismatch(0, before, after) < 0) {
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
      return attempt(() -> compare(one.get(), before, after, place.inFormat()));
    }
    if (one.isEmpty() && other.isEmpty()) {
      return false;
    }
    if (Wrapper.compare(one, before, other, after, place.inFormat())) {
      return true;
    }
    place.add(Aspect.KIND, one.map(Format::name).orElse(""), other.map(Format::name).orElse(""));
    return false;
  }

  private static void compare(Format format, Data before, Data after, Place place)
      throws IOException {
    if (!place.finds(() -> format.compare(before, after, place))) {
      HexWindows.compare(before, after, place, Aspect.ENCODING);
    }
  }

  private Optional<Format> format(Data data) throws IOException {
    for (Format format : formats) {
      AtomicBoolean recognised = new AtomicBoolean();
      if (attempt(() -> recognised.set(format.recognises(data))) && recognised.get()) {
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
