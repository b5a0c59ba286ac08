package dev.athanor.oci.rootfs;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.Pack;
import dev.athanor.oci.layer.PackWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads a root filesystem from disk: a whole directory, or what an overlay collected above a root
/// filesystem that is known.
public final class Capture {
  private final BlobStore store;
  private final Options options;

  /// How to look at the disk.
  ///
  /// @param masks what is not looked at: the root filesystem below shows through
  /// @param clamp the latest mtime that anything captured may have; empty to keep all
  /// @param owners whose the files are
  public record Options(Masks masks, Optional<Instant> clamp, Owners owners) {}

  /// What the owner on disk says.
  public enum Owners {
    /// The owner in the image.
    REAL,
    /// Nothing, since everything belongs to the caller: what the root filesystem below has keeps
    /// the owner it has there, and all else is root's.
    CALLER;

    /// For what [Materialize] has written here.
    public static Owners here() {
      return Materialize.Owners.here() == Materialize.Owners.REAL ? REAL : CALLER;
    }
  }

  /// @param store gets listing and contents
  public Capture(BlobStore store, Options options) {
    this.store = store;
    this.options = options;
  }

  /// The root filesystem that `directory` holds.
  public RootFs directory(Path directory) throws IOException {
    try (Contents nothing = new Contents(store, List.of())) {
      Tree tree = new Tree(nothing);
      return capture(tree, nothing, List.of(), directory, DiskFold.Kind.WHOLE, Stamps.NONE);
    }
  }

  /// What `base` became in a directory that it was written to.
  ///
  /// @param stamps taken when it was
  public RootFs directory(RootFs base, Path directory, Stamps stamps) throws IOException {
    try (Contents contents = new Contents(store, base.packs())) {
      Tree tree = new Tree(base.listing(), contents);
      return capture(tree, contents, base.packs(), directory, DiskFold.Kind.WHOLE, stamps);
    }
  }

  /// What `base` became under an overlay whose upper directory is `upper`. The overlay must have
  /// been mounted with `redirect_dir=off` and `metacopy=off`.
  public RootFs overlay(RootFs base, Path upper) throws IOException {
    try (Contents contents = new Contents(store, base.packs())) {
      Tree tree = new Tree(base.listing(), contents);
      return capture(tree, contents, base.packs(), upper, DiskFold.Kind.UPPER, Stamps.NONE);
    }
  }

  private RootFs capture(
      Tree tree,
      Contents contents,
      List<Pack> packs,
      Path directory,
      DiskFold.Kind kind,
      Stamps stamps)
      throws IOException {
    Set<Pack> all = new LinkedHashSet<>(packs);
    try (DiskReader disk = DiskReader.open(directory);
        PackWriter files = new PackWriter(store)) {
      CapturedFiles captured = new CapturedFiles(disk, contents, store, files);
      new DiskFold(disk, options, captured, kind, stamps).fold(EntryPath.ROOT, tree.root());
      if (!files.isEmpty()) {
        all.add(files.commit());
      }
    }
    return Unpack.write(store, tree, all);
  }
}
