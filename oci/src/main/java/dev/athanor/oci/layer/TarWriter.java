package dev.athanor.oci.layer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Writes entries, already in canonical order, as a tar; see [LayerFormat].
final class TarWriter {
  private static final Attributes MARKER = Attributes.of(0);
  private static final int COPY_BYTES = 128 * 1024;

  private final OutputStream out;
  private final ContentSource contents;
  private final @Nullable PackWriter pack;
  private final byte[] buffer = new byte[COPY_BYTES];

  /// @param pack gets the same bytes as `out`, and hears which of them are contents; null when
  ///   nobody wants one
  TarWriter(OutputStream out, ContentSource contents, @Nullable PackWriter pack) {
    this.out = pack == null ? out : pack.tee(out);
    this.contents = contents;
    this.pack = pack;
  }

  void write(Entry entry) throws IOException {
    String name = entry.path().latin1();
    switch (entry) {
      case Entry.Directory(var path, var attributes) ->
          put(new TarHeader(TarHeader.DIRECTORY, path.isRoot() ? "./" : name + "/"), attributes);
      case Entry.File(_, var attributes, var content) -> {
        put(new TarHeader(TarHeader.FILE, name).size(content.size()), attributes);
        data(entry.path(), content);
      }
      case Entry.Symlink(_, var attributes, var target) ->
          put(new TarHeader(TarHeader.SYMLINK, name).link(target.latin1()), attributes);
      case Entry.HardLink(_, var attributes, var target) ->
          put(new TarHeader(TarHeader.HARD_LINK, name).link(target.latin1()), attributes);
      case Entry.Device(_, var attributes, var number) ->
          put(new TarHeader(type(number), name).device(number), attributes);
      case Entry.Fifo(_, var attributes) -> put(new TarHeader(TarHeader.FIFO, name), attributes);
      case Entry.Whiteout(var path) ->
          put(new TarHeader(TarHeader.FILE, marker(path.parent(), path.name().latin1())), MARKER);
      case Entry.Opaque(var path) ->
          put(new TarHeader(TarHeader.FILE, marker(path, LayerFormat.OPAQUE_REST)), MARKER);
    }
  }

  /// Ends the archive; the stream stays open.
  void finish() throws IOException {
    out.write(new byte[2 * TarHeader.BLOCK]);
  }

  private void put(TarHeader header, Attributes attributes) throws IOException {
    out.write(header.attributes(attributes).blocks());
  }

  private static char type(DeviceNumber number) {
    return switch (number.kind()) {
      case CHARACTER -> TarHeader.CHARACTER_DEVICE;
      case BLOCK -> TarHeader.BLOCK_DEVICE;
    };
  }

  private static String marker(EntryPath directory, String rest) {
    String name = LayerFormat.WHITEOUT + rest;
    return directory.isRoot() ? name : directory.latin1() + "/" + name;
  }

  private void data(EntryPath path, Content content) throws IOException {
    if (pack != null && content.size() > 0) {
      pack.note(content.digest(), pack.size());
    }
    switch (content) {
      case Content.Inline(var bytes) -> out.write(bytes.toArray());
      case Content.Stored(var digest) -> {
        if (digest.size() > 0) {
          try (InputStream in = contents.open(digest)) {
            copy(path, in, digest.size());
          }
        }
      }
    }
    out.write(new byte[(int) (-content.size() & (TarHeader.BLOCK - 1))]);
  }

  /// Exactly `size` bytes: one more or less would shift all that follows.
  private void copy(EntryPath path, InputStream in, long size) throws IOException {
    long left = size;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      left -= n;
      if (left < 0) {
        break;
      }
      out.write(buffer, 0, n);
    }
    if (left != 0) {
      throw new IOException(path + ": its content does not have the " + size + " bytes it should");
    }
  }
}
