package dev.athanor.engine.action;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/// Results as files `ac/<2 hex>/<hash>` beside the blobs, in the layout of Bazel's disk cache.
/// Several processes may share it: entries are renamed into place.
public final class DiskActionCache implements ActionCache {
  private final Path root;

  /// @param root the directory that a [dev.athanor.engine.cas.DiskBlobStore] has opened
  public DiskActionCache(Path root) {
    this.root = root;
  }

  @Override
  public Optional<ActionResult> get(ActionKey key) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(place(key));
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
  public void put(ActionKey key, ActionResult result) throws IOException {
    Path tmp = root.resolve("tmp").resolve(UUID.randomUUID().toString());
    Files.write(tmp, result.toWire().toByteArray());
    Path place = place(key);
    Files.createDirectories(place.getParent());
    Files.move(tmp, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private Path place(ActionKey key) {
    String hex = key.digest().hex();
    return root.resolve("ac").resolve(hex.substring(0, 2)).resolve(hex);
  }
}
