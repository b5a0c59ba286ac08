package dev.athanor.oci.rootfs;

import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.Content;
import dev.athanor.oci.layer.DeviceNumber;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Small trees of few names, so that any two of them have much in common and much in conflict.
final class RandomTrees {
  /// Linux has them for files and directories only.
  private static final Map<Bytes, Bytes> XATTRS = Map.of(Bytes.utf8("user.x"), Bytes.utf8("y"));

  private RandomTrees() {}

  static List<Entry> tree(Random random) {
    List<Entry> entries = new ArrayList<>();
    List<EntryPath> files = new ArrayList<>();
    Set<EntryPath> taken = new HashSet<>();
    List<EntryPath> directories = new ArrayList<>(List.of(EntryPath.ROOT));
    for (int i = random.nextInt(20); i >= 0; i--) {
      EntryPath parent = directories.get(random.nextInt(directories.size()));
      EntryPath path = parent.resolve(name(random));
      if (taken.add(path)) {
        entries.add(entry(path, random, directories, files));
      }
    }
    return entries;
  }

  /// As [#tree], with markers for what may be below it.
  static List<Entry> layer(Random random) {
    Set<Entry> entries = new LinkedHashSet<>(tree(random));
    List<EntryPath> directories = new ArrayList<>(List.of(EntryPath.ROOT));
    for (Entry entry : List.copyOf(entries)) {
      if (entry instanceof Entry.Directory(var path, _)) {
        directories.add(path);
        if (random.nextInt(6) == 0) {
          entries.add(new Entry.Opaque(path));
        }
      }
    }
    for (int i = random.nextInt(5); i > 0; i--) {
      EntryPath parent = directories.get(random.nextInt(directories.size()));
      entries.add(new Entry.Whiteout(parent.resolve(name(random))));
    }
    return List.copyOf(entries);
  }

  private static Entry entry(
      EntryPath path, Random random, List<EntryPath> directories, List<EntryPath> files) {
    Attributes plain = attributes(random);
    Attributes attributes = random.nextInt(4) > 0 ? plain : plain.withXattrs(XATTRS);
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        directories.add(path);
        return new Entry.Directory(path, attributes);
      }
      case 3 -> {
        return new Entry.Symlink(path, Attributes.of(0777), Bytes.utf8(target(random)));
      }
      case 4 -> {
        DeviceNumber number = new DeviceNumber(DeviceNumber.Kind.BLOCK, 8, random.nextInt(2));
        return new Entry.Device(path, plain, number);
      }
      case 5, 6 -> {
        if (!files.isEmpty()) {
          EntryPath target = files.get(random.nextInt(files.size()));
          return new Entry.HardLink(path, attributes, target);
        }
      }
      default -> {}
    }
    files.add(path);
    return new Entry.File(path, attributes, Content.of("" + random.nextInt(3)));
  }

  /// Often something that is there, seen from the root or from the link.
  private static String target(Random random) {
    return List.of("../a", "/a", "b", "/a/b", "../0").get(random.nextInt(5));
  }

  private static EntryName name(Random random) {
    byte[][] names = {
      {'a'}, {'a', '-'}, {'b'}, {'.', 'c'}, {(byte) 0xe9}, {(byte) 0xc3, (byte) 0xa9}
    };
    return EntryName.of(names[random.nextInt(names.length)]);
  }

  private static Attributes attributes(Random random) {
    return Attributes.of(
        random.nextBoolean() ? 0755 : 04644,
        random.nextInt(2),
        0,
        Instant.ofEpochSecond(random.nextInt(2)));
  }
}
