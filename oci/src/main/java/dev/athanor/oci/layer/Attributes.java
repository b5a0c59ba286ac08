package dev.athanor.oci.layer;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a layer keeps of a file besides its kind and content.
///
/// @param mode permission, setuid, setgid and sticky bits; no file type
/// @param mtime seconds and nanoseconds; a layer that is written keeps the seconds only
/// @param xattrs extended attributes by full name, such as `security.capability`. No value is
///   empty, because a PAX record without a value means "no such record"
public record Attributes(
    int mode, long uid, long gid, Instant mtime, SortedMap<Bytes, Bytes> xattrs) {
  private static final SortedMap<Bytes, Bytes> NO_XATTRS =
      Collections.unmodifiableSortedMap(new TreeMap<>());

  /// What `chmod` can set.
  public static final int MODE_BITS = 07777;

  /// A directory that nobody described: `0755`, root's, from the epoch.
  public static final Attributes DIRECTORY = of(0755);

  /// Uids and gids are 32 bits wide, and the highest means "none" to the kernel.
  public static final long MAX_ID = 0xffff_fffeL;

  public Attributes {
    if ((mode & ~MODE_BITS) != 0) {
      throw new IllegalArgumentException("not a mode: " + Integer.toOctalString(mode));
    }
    checkId("uid", uid);
    checkId("gid", gid);
    xattrs = checkedCopy(xattrs);
  }

  /// Root's, from the epoch, no extended attributes.
  public static Attributes of(int mode) {
    return new Attributes(mode, 0, 0, Instant.EPOCH, NO_XATTRS);
  }

  public static Attributes of(int mode, long uid, long gid, Instant mtime) {
    return new Attributes(mode, uid, gid, mtime, NO_XATTRS);
  }

  public Attributes withMtime(Instant mtime) {
    return mtime.equals(this.mtime) ? this : new Attributes(mode, uid, gid, mtime, xattrs);
  }

  public Attributes withMode(int mode) {
    return new Attributes(mode, uid, gid, mtime, xattrs);
  }

  public Attributes withOwner(long uid, long gid) {
    return new Attributes(mode, uid, gid, mtime, xattrs);
  }

  public Attributes withXattrs(Map<Bytes, Bytes> xattrs) {
    return new Attributes(mode, uid, gid, mtime, new TreeMap<>(xattrs));
  }

  /// Whether a layer would show no difference: all but the fraction of the second is equal.
  public boolean sameInLayer(Attributes that) {
    return mtime.getEpochSecond() == that.mtime.getEpochSecond() && equals(that.withMtime(mtime));
  }

  private static void checkId(String what, long id) {
    if (id < 0 || id > MAX_ID) {
      throw new IllegalArgumentException("not a " + what + ": " + id);
    }
  }

  private static SortedMap<Bytes, Bytes> checkedCopy(SortedMap<Bytes, Bytes> xattrs) {
    if (xattrs.isEmpty()) {
      return NO_XATTRS;
    }
    xattrs.forEach((name, value) -> {
      if (name.isEmpty() || name.latin1().indexOf('=') >= 0 || name.latin1().indexOf('\0') >= 0) {
        throw new IllegalArgumentException("no tar can hold the attribute name '" + name + "'");
      }
      if (value.isEmpty()) {
        throw new IllegalArgumentException("no tar can hold the empty attribute " + name);
      }
    });
    return Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
  }
}
