package dev.athanor.oci.layer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/// What a layer adds and hides, by path and size: enough to tell where an image's bytes are.
/// Nothing of it is kept, digested or judged.
///
/// @param compression as its bytes say
/// @param tarBytes size of the plain tar
/// @param items in the order of the tar
public record LayerOutline(Compression compression, long tarBytes, List<Item> items) {
  public LayerOutline {
    items = List.copyOf(items);
  }

  /// What a member of the tar does.
  public enum Kind {
    FILE,
    DIRECTORY,
    /// A link or a device, which has no bytes of its own.
    OTHER,
    /// Hides what lower layers have at the path.
    HIDES,
    /// Hides what lower layers have in the directory.
    EMPTIES
  }

  /// @param size of a file; zero of anything else
  public record Item(EntryPath path, Kind kind, long size) {}

  /// Reads a layer to its end.
  ///
  /// @throws LayerException when it is no tar, or a name in it is none
  public static LayerOutline read(InputStream in, Limits limits) throws IOException {
    Counter counter = new Counter();
    List<Item> items = new ArrayList<>();
    try (LayerScan scan = new LayerScan(in, limits, counter)) {
      for (LayerScan.Member it = scan.next(); it != null; it = scan.next()) {
        item(it, items);
      }
      boolean _ = scan.drain();
      return new LayerOutline(scan.compression(), counter.bytes, items);
    } catch (IllegalArgumentException e) {
      throw new LayerException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void item(LayerScan.Member member, List<Item> items) {
    EntryPath path = EntryPath.clean(member.name());
    if (path.isRoot() || path.parent().names().stream().anyMatch(LayerOutline::isForAufs)) {
      return;
    }
    String name = path.name().latin1();
    if (name.equals(LayerFormat.WHITEOUT + LayerFormat.OPAQUE_REST)) {
      items.add(new Item(path.parent(), Kind.EMPTIES, 0));
    } else if (isForAufs(path.name())) {
      return;
    } else if (path.name().isWhiteout()) {
      EntryName hidden = EntryName.ofLatin1(name.substring(LayerFormat.WHITEOUT.length()));
      items.add(new Item(path.parent().resolve(hidden), Kind.HIDES, 0));
    } else {
      switch (member.type()) {
        case '0' -> items.add(new Item(path, Kind.FILE, member.size()));
        case '5', 'D' -> items.add(new Item(path, Kind.DIRECTORY, 0));
        default -> items.add(new Item(path, Kind.OTHER, 0));
      }
    }
  }

  private static boolean isForAufs(EntryName name) {
    return name.latin1().startsWith(LayerFormat.AUFS);
  }

  private static final class Counter extends OutputStream {
    private long bytes;

    @Override
    public void write(int one) {
      bytes++;
    }

    @Override
    public void write(byte[] some, int offset, int length) {
      bytes += length;
    }
  }
}
