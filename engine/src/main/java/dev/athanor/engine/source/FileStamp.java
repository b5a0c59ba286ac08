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
record FileStamp(
    long device, long inode, long size, long modified, long changed, boolean executable) {
  /// File systems stamp files with a coarse clock. A file touched this recently may change again
  /// without another stamp, so its digest must not be remembered.
  private static final long RACY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final int OWNER_EXECUTE = 0100;

  /// The stamp of the regular file at `path`, symlinks followed.
  static FileStamp of(Path path, boolean unix) throws IOException {
    if (!unix) {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return new FileStamp(0, 0, attributes.size(), nanos(attributes.lastModifiedTime()), 0, false);
    }
    Map<String, Object> attributes =
        Files.readAttributes(
            path, "unix:dev,ino,size,lastModifiedTime,ctime,mode", new LinkOption[0]);
    return new FileStamp(
        number(attributes, "dev"),
        number(attributes, "ino"),
        number(attributes, "size"),
        time(attributes, "lastModifiedTime"),
        time(attributes, "ctime"),
        (number(attributes, "mode") & OWNER_EXECUTE) != 0);
  }

  /// Whether the file was last touched so long before `now` that the stamp speaks for its bytes.
  boolean settled(long now) {
    return Math.max(modified, changed) < now - RACY_NANOS;
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
