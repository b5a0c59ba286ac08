package dev.athanor.engine.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What `stat` says of a file, enough to notice that it was written to: tools that set back the
/// modification time cannot set back the change time.
///
/// @param device zero where the file system has no such thing, as are `inode` and `changed`
/// @param modified nanoseconds since the epoch, as is `changed`
/// @param mode type and permissions as POSIX encodes them; elsewhere the type alone
record FileStamp(long device, long inode, long size, long modified, long changed, int mode) {
  /// File systems stamp files with a coarse clock. A file touched this recently may change again
  /// without another stamp, so what it holds must not be remembered.
  private static final long RACY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final int TYPE = 0170000;
  private static final int DIRECTORY = 0040000;
  private static final int REGULAR = 0100000;
  private static final int SYMLINK = 0120000;
  private static final int OWNER_EXECUTE = 0100;

  /// The stamp of what stands at `path`.
  static FileStamp of(Path path, boolean unix, LinkOption... options) throws IOException {
    if (!unix) {
      return basic(Files.readAttributes(path, BasicFileAttributes.class, options));
    }
    Map<String, Object> attributes =
        Files.readAttributes(path, "unix:dev,ino,size,lastModifiedTime,ctime,mode", options);
    return new FileStamp(
        number(attributes, "dev"),
        number(attributes, "ino"),
        number(attributes, "size"),
        time(attributes, "lastModifiedTime"),
        time(attributes, "ctime"),
        (int) number(attributes, "mode"));
  }

  private static FileStamp basic(BasicFileAttributes attributes) {
    int type =
        attributes.isDirectory() ? DIRECTORY : attributes.isSymbolicLink() ? SYMLINK : REGULAR;
    return new FileStamp(0, 0, attributes.size(), nanos(attributes.lastModifiedTime()), 0, type);
  }

  boolean directory() {
    return (mode & TYPE) == DIRECTORY;
  }

  boolean executable() {
    return (mode & OWNER_EXECUTE) != 0;
  }

  /// Nanoseconds since the epoch now, as a file that was touched now would be stamped at the
  /// latest.
  static long now() {
    return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
  }

  /// Whether the file was last touched so long before `now` that the stamp speaks for its bytes.
  boolean settled(long now) {
    return Math.max(modified, changed) < now - RACY_NANOS;
  }

  /// The whole stamp in 64 bits.
  long fingerprint() {
    long hash = mix(device, inode);
    hash = mix(hash, size);
    hash = mix(hash, modified);
    hash = mix(hash, changed);
    return mix(hash, mode);
  }

  /// A number that differs, in all likelihood, for every other pair and order.
  static long mix(long hash, long value) {
    long mixed = (hash ^ value) * 0x9E3779B97F4A7C15L;
    mixed ^= mixed >>> 32;
    mixed *= 0xD6E8FEB86659FD93L;
    return mixed ^ mixed >>> 29;
  }

  private static long number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Number number ? number.longValue() : 0;
  }

  private static long time(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof FileTime time ? nanos(time) : 0;
  }

  private static long nanos(FileTime time) {
    return time.to(TimeUnit.NANOSECONDS);
  }
}
