package dev.athanor.oci.layer;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// File contents by digest, wherever they are: in a pack, or in the store as a blob. Safe for use
/// by many threads.
///
/// Packs that are local files are mapped, so that a file costs no system call to find; they stay
/// mapped until the contents are closed.
public final class Contents implements ContentSource, AutoCloseable {
  private final BlobStore store;
  private final List<OpenPack> packs = new ArrayList<>();
  private final Arena arena = Arena.ofShared();

  public Contents(BlobStore store, Collection<Pack> packs) {
    this.store = store;
    packs.forEach(pack -> this.packs.add(new OpenPack(pack)));
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    if (digest.size() == 0) {
      return InputStream.nullInputStream();
    }
    for (OpenPack pack : packs) {
      long offset = pack.index().find(digest);
      if (offset >= 0) {
        return pack.open(offset, digest.size());
      }
    }
    return store.open(digest);
  }

  /// All bytes of a content that is known to be small.
  public byte[] read(Digest digest) throws IOException {
    try (InputStream in = open(digest)) {
      return in.readAllBytes();
    }
  }

  /// Whether one of the packs has it. What the store has besides is not asked: that is another
  /// thing on every machine.
  public boolean isPacked(Digest digest) throws IOException {
    for (OpenPack pack : packs) {
      if (pack.index().find(digest) >= 0) {
        return true;
      }
    }
    return false;
  }

  /// The bytes in memory that the kernel fills on demand, where a pack on disk has them; valid
  /// until these contents are closed.
  public Optional<MemorySegment> mapped(Digest digest) throws IOException {
    for (OpenPack pack : packs) {
      long offset = pack.index().find(digest);
      if (offset >= 0) {
        return pack.map().map(all -> all.asSlice(offset, digest.size()));
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    arena.close();
  }

  private final class OpenPack {
    private final Pack pack;
    private @Nullable PackIndex index;
    private @Nullable MemorySegment map;
    private boolean mapTried;

    OpenPack(Pack pack) {
      this.pack = pack;
    }

    synchronized PackIndex index() throws IOException {
      PackIndex loaded = index;
      if (loaded == null) {
        loaded = PackIndex.decode(store.read(pack.index()), pack.data());
        index = loaded;
      }
      return loaded;
    }

    synchronized Optional<MemorySegment> map() throws IOException {
      if (!mapTried) {
        mapTried = true;
        Optional<Path> file =
            store
                .file(pack.data(), false)
                .filter(path -> path.getFileSystem().equals(FileSystems.getDefault()));
        map = file.isEmpty() ? null : mapped(file.get());
      }
      return Optional.ofNullable(map);
    }

    private MemorySegment mapped(Path file) throws IOException {
      try (FileChannel channel = FileChannel.open(file)) {
        if (channel.size() != pack.data().size()) {
          throw new MissingBlobException(pack.data());
        }
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      }
    }

    InputStream open(long offset, long length) throws IOException {
      Optional<MemorySegment> whole = map();
      if (whole.isPresent()) {
        return new SegmentInput(whole.get().asSlice(offset, length));
      }
      InputStream in = store.open(pack.data());
      in.skipNBytes(offset);
      return new LimitedInput(in, length);
    }
  }

  /// The first bytes of a stream.
  private static final class LimitedInput extends BulkInput {
    private final InputStream in;
    private long left;

    LimitedInput(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return length == 0 ? 0 : -1;
      }
      int n = in.read(bytes, offset, (int) Math.min(length, left));
      if (n < 0) {
        throw new java.io.EOFException("a pack ends early");
      }
      left -= n;
      return n;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
