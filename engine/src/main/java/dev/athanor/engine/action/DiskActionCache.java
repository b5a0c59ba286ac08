package dev.athanor.engine.action;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.cas.LastUse;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/// Results as files, where [CacheLayout] has them. Several processes may share it: entries are
/// renamed into place. The modification time of an entry is when it was last used, and noted before
/// anybody looks for its blobs.
public final class DiskActionCache implements ActionCache {
  private final CacheLayout layout;

  /// @param root the directory that a [dev.athanor.engine.cas.DiskBlobStore] has opened
  public DiskActionCache(Path root) {
    this.layout = new CacheLayout(root);
  }

  @Override
  public Optional<ActionResult> get(Digest key) throws IOException {
    Path place = layout.result(key);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(place);
      var _ = LastUse.note(place);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      ActionResult result =
          ActionResult.ofWire(build.bazel.remote.execution.v2.ActionResult.parseFrom(bytes));
      // A file that a power cut emptied parses too, as a result without outputs, which no action
      // has.
      return result.outputs().isEmpty() ? Optional.empty() : Optional.of(result);
    } catch (InvalidProtocolBufferException | RuntimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public void remove(Digest key) throws IOException {
    Files.deleteIfExists(layout.result(key));
  }

  @Override
  public void put(Digest key, ActionResult result) throws IOException {
    Path tmp = layout.tmp().resolve(UUID.randomUUID().toString());
    Files.write(tmp, result.toWire().toByteArray());
    Path place = layout.result(key);
    Files.createDirectories(place.getParent());
    Files.move(tmp, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
