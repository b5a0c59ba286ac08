package dev.athanor.remote.server;

import build.bazel.remote.execution.v2.ActionResult;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.cas.LastUse;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// Blobs and results as clients see them: within the bound, counted, and only what is whole.
final class Shelf implements BlobStore {
  private final DiskBlobStore store;
  private final CacheLayout layout;
  private final Stock stock;
  private final Metrics metrics;
  private final Duration noted;

  /// Keep two threads from counting one blob; a few do for all blobs.
  private final Object[] commits = new Object[64];

  /// @param noted how exactly the last use of a result is noted
  Shelf(DiskBlobStore store, Stock stock, Metrics metrics, Duration noted) {
    this.store = store;
    this.layout = store.layout();
    this.stock = stock;
    this.metrics = metrics;
    this.noted = noted;
    for (int i = 0; i < commits.length; i++) {
      commits[i] = new Object();
    }
  }

  /// The empty blob is always there.
  @Override
  public boolean contains(Digest digest) throws IOException {
    return digest.equals(Digest.EMPTY) || store.contains(digest);
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    try {
      InputStream in =
          digest.equals(Digest.EMPTY) ? InputStream.nullInputStream() : store.open(digest);
      metrics.hit(Metrics.Store.BLOBS);
      return in;
    } catch (MissingBlobException e) {
      metrics.miss(Metrics.Store.BLOBS);
      throw e;
    }
  }

  /// The blob with that hash, whose size nobody has told.
  Optional<Digest> find(Sha256 hash) throws IOException {
    if (hash.equals(Digest.EMPTY.hash())) {
      return Optional.of(Digest.EMPTY);
    }
    OptionalLong size = size(layout.blob(new Digest(hash, 0)));
    if (size.isEmpty()) {
      return Optional.empty();
    }
    Digest digest = new Digest(hash, size.getAsLong());
    return store.contains(digest) ? Optional.of(digest) : Optional.empty();
  }

  @Override
  public BlobWriter write() throws IOException {
    return new Incoming(store.write());
  }

  /// A result.
  ///
  /// @param bytes as somebody has sent them
  record Kept(ByteString bytes, ActionResult message) {}

  /// The result of an action, if everything that it names is here, and it is fit for others.
  Optional<Kept> result(Sha256 key) throws IOException {
    Path place = layout.result(new Digest(key, 0));
    Optional<Kept> found = Optional.empty();
    try {
      byte[] bytes = Files.readAllBytes(place);
      var _ = LastUse.note(place, noted);
      ActionResult result = ActionResult.parseFrom(bytes);
      // A power cut may leave an empty file.
      if (bytes.length > 0
          && dev.athanor.engine.action.ActionResult.isHermetic(result)
          && new Completeness(store).of(result)) {
        found = Optional.of(new Kept(ByteString.copyFrom(bytes), result));
      }
    } catch (NoSuchFileException | InvalidProtocolBufferException e) {
      // As good as none.
    }
    if (found.isPresent()) {
      metrics.hit(Metrics.Store.RESULTS);
    } else {
      metrics.miss(Metrics.Store.RESULTS);
    }
    return found;
  }

  /// Keeps a result as these bytes.
  void putResult(Sha256 key, byte[] bytes) throws IOException {
    stock.take(bytes.length);
    Path tmp = layout.tmp().resolve(UUID.randomUUID().toString());
    try {
      Files.write(tmp, bytes);
      Path place = layout.result(new Digest(key, 0));
      Files.createDirectories(place.getParent());
      OptionalLong former = size(place);
      Files.move(tmp, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      if (former.isPresent()) {
        stock.keepInstead(bytes.length, former.getAsLong());
      } else {
        stock.keep(bytes.length);
      }
    } catch (IOException e) {
      stock.giveBack(bytes.length);
      Files.deleteIfExists(tmp);
      throw e;
    }
  }

  private static OptionalLong size(Path file) throws IOException {
    try {
      return OptionalLong.of(Files.size(file));
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  /// Whether anything can be written at all.
  boolean isWritable() {
    try {
      Files.delete(Files.createFile(layout.tmp().resolve(UUID.randomUUID().toString())));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// A blob that comes in, and takes up room from its first byte on.
  private final class Incoming extends BlobWriter {
    private final BlobWriter to;
    private long taken;

    Incoming(BlobWriter to) {
      this.to = to;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      stock.take(length);
      taken += length;
      to.write(bytes, offset, length);
    }

    @Override
    public Digest commit() {
      throw new UnsupportedOperationException("who sends a blob says what it is");
    }

    @Override
    public void commit(Digest expected) throws IOException {
      // Of several that bring one blob at once, one makes it more.
      synchronized (commits[Math.floorMod(expected.hashCode(), commits.length)]) {
        boolean there = store.contains(expected);
        to.commit(expected);
        if (!there) {
          stock.keep(taken);
          taken = 0;
        }
      }
    }

    @Override
    public void close() throws IOException {
      stock.giveBack(taken);
      taken = 0;
      to.close();
    }
  }
}
