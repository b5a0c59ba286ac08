package dev.athanor.oci.layer;

import java.time.Instant;

/// Short ways to write down entries.
public final class Entries {
  private Entries() {}

  public static EntryPath path(String path) {
    return EntryPath.parse(path);
  }

  public static Entry dir(String path) {
    return dir(path, 0755);
  }

  public static Entry dir(String path, int mode) {
    return new Entry.Directory(path(path), Attributes.of(mode));
  }

  public static Entry file(String path, String content) {
    return file(path, 0644, content);
  }

  public static Entry file(String path, int mode, String content) {
    return new Entry.File(path(path), Attributes.of(mode), Content.of(content));
  }

  public static Entry file(String path, Attributes attributes, String content) {
    return new Entry.File(path(path), attributes, Content.of(content));
  }

  public static Entry symlink(String path, String target) {
    return new Entry.Symlink(path(path), Attributes.of(0777), Bytes.utf8(target));
  }

  public static Entry link(String path, String target) {
    return new Entry.HardLink(path(path), Attributes.of(0644), path(target));
  }

  public static Entry fifo(String path) {
    return new Entry.Fifo(path(path), Attributes.of(0600));
  }

  public static Entry device(String path, int major, int minor) {
    return new Entry.Device(
        path(path),
        Attributes.of(0666),
        new DeviceNumber(DeviceNumber.Kind.CHARACTER, major, minor));
  }

  public static Entry whiteout(String path) {
    return new Entry.Whiteout(path(path));
  }

  public static Entry opaque(String path) {
    return new Entry.Opaque(path(path));
  }

  public static Attributes owned(int mode, long uid, long gid, long seconds) {
    return Attributes.of(mode, uid, gid, Instant.ofEpochSecond(seconds));
  }
}
