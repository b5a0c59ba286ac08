package dev.athanor.cli;

import com.google.common.base.Splitter;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerException;
import dev.athanor.oci.layer.Pack;
import dev.athanor.oci.rootfs.Capture;
import dev.athanor.oci.rootfs.DeleteTree;
import dev.athanor.oci.rootfs.Masks;
import dev.athanor.oci.rootfs.Materialize;
import dev.athanor.oci.rootfs.Repack;
import dev.athanor.oci.rootfs.RootFs;
import dev.athanor.oci.rootfs.Stamps;
import dev.athanor.oci.run.Container;
import dev.athanor.oci.run.RuntimeConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A bundle of the runtime specification on disk: a root filesystem that can be run and changed,
/// and of which a layer can be made again.
///
/// @param directory holds `rootfs`, `config.json`, and what we have to know to see what was changed
record ImageBundle(Path directory, BlobStore blobs, int threads) {
  private static final String STATE = "athanor.rootfs";
  private static final String STAMPS = "athanor.stamps";
  private static final String VOLUMES = "athanor.volumes";

  /// Writes an image. A failure leaves nothing behind.
  ///
  /// @return what could not be done and is not worth a failure, in sentences
  List<String> unpack(OpenImage image) throws IOException {
    requireEmpty();
    RootFs root = image.rootfs().orElseThrow();
    Path rootfs = directory.resolve(RuntimeConfig.ROOTFS);
    try {
      Files.createDirectories(directory);
      Materialize.spread(directory);
      Files.createDirectories(rootfs);
      List<String> remarks = materialize(root, rootfs);
      Files.write(
          directory.resolve(RuntimeConfig.FILE),
          RuntimeConfig.of(Container.orShell(image.config(), rootfs), image.config(), options()));
      Files.write(directory.resolve(STATE), root.encode());
      Files.writeString(directory.resolve(VOLUMES), String.join("\0", image.config().volumes()));
      Files.write(directory.resolve(STAMPS), Stamps.take(root, blobs, rootfs).encode());
      return remarks;
    } catch (IOException | RuntimeException e) {
      DeleteTree.delete(directory);
      throw e;
    }
  }

  /// Writes the root filesystem alone.
  List<String> unpackRootfs(OpenImage image) throws IOException {
    requireEmpty();
    return materialize(image.rootfs().orElseThrow(), directory);
  }

  private List<String> materialize(RootFs root, Path target) throws IOException {
    return new Materialize(blobs, Materialize.Owners.here(), threads).materialize(root, target);
  }

  private void requireEmpty() throws IOException {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new UserException(directory + " is no directory", "name one that does not exist yet");
    }
    if (Files.exists(directory)) {
      try (var files = Files.newDirectoryStream(directory)) {
        if (files.iterator().hasNext()) {
          throw new UserException(
              directory + " is not empty", "name a directory that is empty, or does not exist");
        }
      }
    }
  }

  private RuntimeConfig.Options options() throws IOException {
    return new RuntimeConfig.Options(
        true, Materialize.Owners.here() == Materialize.Owners.CALLER, id("uid"), id("gid"), true);
  }

  /// Of whoever has made the directory.
  private int id(String which) throws IOException {
    return Files.getAttribute(directory, "unix:" + which) instanceof Integer id ? id : 0;
  }

  /// Writes the layer that makes the root filesystem on disk out of the one that was unpacked;
  /// empty when nothing was changed, and then there is no file.
  ///
  /// @param clamp no file of the layer is younger; empty to keep all times
  Optional<Layer> repack(Path file, Optional<Instant> clamp) throws IOException {
    RootFs before = state();
    Stamps stamps = Stamps.parse(Files.readAllBytes(directory.resolve(STAMPS)));
    try {
      Masks masks =
          Masks.parse(
              Splitter.on('\0')
                  .omitEmptyStrings()
                  .splitToList(Files.readString(directory.resolve(VOLUMES))));
      RootFs after =
          new Capture(blobs, new Capture.Options(masks, clamp, Capture.Owners.here()))
              .directory(before, directory.resolve(RuntimeConfig.ROOTFS), stamps);
      Optional<Layer> layer =
          new Repack(blobs, threads).repack(before, after, masks, compression(file));
      if (layer.isPresent()) {
        write(layer.get(), file);
      }
      return layer;
    } catch (LayerException | IllegalArgumentException e) {
      throw new UserException(String.valueOf(e.getMessage()), "", e);
    }
  }

  private RootFs state() throws IOException {
    Path state = directory.resolve(STATE);
    if (!Files.isRegularFile(state)) {
      throw new UserException(
          directory + " is no bundle that athanor unpacked", "run 'athanor image unpack' first");
    }
    RootFs root = RootFs.parse(Files.readAllBytes(state));
    for (Pack pack : root.packs()) {
      if (!blobs.contains(pack.data()) || !blobs.contains(pack.index())) {
        throw new UserException(
            "the cache no longer has what was unpacked to " + directory, "unpack the image again");
      }
    }
    return root;
  }

  private static Compression compression(Path file) {
    String name = file.toString();
    if (name.endsWith(".tar")) {
      return Compression.NONE;
    }
    return name.endsWith(".zst") ? Compression.ZSTD : Compression.GZIP;
  }

  private void write(Layer layer, Path file) throws IOException {
    NewFile.write(
        file,
        out -> {
          try (InputStream in = blobs.open(layer.digest())) {
            in.transferTo(out);
          }
        });
  }
}
