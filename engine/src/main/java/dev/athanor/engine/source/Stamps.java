package dev.athanor.engine.source;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// Tells in 64 bits whether what stands at a path is still what it was: by device, inode, size,
/// mode, time of modification and time of change.
///
/// What was touched so short before the stamp was taken that it might be touched again without
/// another stamp is [#UNKNOWN], which must never count as unchanged.
public final class Stamps {
  public static final long UNKNOWN = 0;

  /// Nothing stands there.
  public static final long ABSENT = 1;

  private final boolean unix;
  private final long now;

  private Stamps(boolean unix, long now) {
    this.unix = unix;
    this.now = now;
  }

  /// Stamps for files that are not read before now.
  public static Stamps now(FileSystem files) {
    return new Stamps(files.supportedFileAttributeViews().contains("unix"), FileStamp.now());
  }

  /// The stamp of what stands at `path`, symlinks followed.
  ///
  /// @param expected what it was; spares work where nothing stood there and nothing does
  /// @param whole whether a directory stands for all that is in it, and not only for its names
  public long of(Path path, long expected, boolean whole) {
    if (expected == ABSENT && !Files.exists(path)) {
      return ABSENT;
    }
    try {
      FileStamp stamp = FileStamp.of(path, unix);
      return stamp.directory() && whole ? tree(path, stamp) : settled(stamp);
    } catch (NoSuchFileException e) {
      return ABSENT;
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private long settled(FileStamp stamp) {
    return stamp.settled(now) ? known(stamp.fingerprint()) : UNKNOWN;
  }

  private long tree(Path directory, FileStamp own) throws IOException {
    long hash = settled(own);
    for (Path entry : entries(directory)) {
      FileStamp stamp = FileStamp.of(entry, unix, LinkOption.NOFOLLOW_LINKS);
      long below = stamp.directory() ? tree(entry, stamp) : settled(stamp);
      if (below == UNKNOWN) {
        return UNKNOWN;
      }
      hash = hash == UNKNOWN ? UNKNOWN : FileStamp.mix(hash, below);
    }
    return hash == UNKNOWN ? UNKNOWN : known(hash);
  }

  /// The stamp of an output where it is shown. Nobody but us writes there in good order, so the
  /// time of change does not matter, and links to the same file elsewhere come and go.
  public static long ofShown(Path path) {
    try {
      return known(shown(path));
    } catch (NoSuchFileException e) {
      return ABSENT;
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static long shown(Path path) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isDirectory()) {
      long hash = 1;
      for (Path entry : entries(path)) {
        hash = FileStamp.mix(hash, String.valueOf(entry.getFileName()).hashCode());
        hash = FileStamp.mix(hash, shown(entry));
      }
      return hash;
    }
    long hash = FileStamp.mix(attributes.isSymbolicLink() ? 1 : 0, attributes.size());
    hash = FileStamp.mix(hash, attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    // Of the device and the inode, where there are such.
    return FileStamp.mix(hash, Objects.hashCode(attributes.fileKey()));
  }

  private static List<Path> entries(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    }
    Collections.sort(entries);
    return entries;
  }

  /// Keeps clear of the two stamps that mean something else.
  private static long known(long fingerprint) {
    return fingerprint == UNKNOWN || fingerprint == ABSENT ? 2 : fingerprint;
  }
}
