package dev.athanor.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// One step in building what a process sees as its file system, applied in list order. Targets are
/// absolute paths inside.
sealed interface SetupOp {
  /// Starts from an empty file system in memory.
  record EmptyRoot() implements SetupOp {}

  /// Starts from a directory, read-only.
  record DirectoryRoot(Path directory) implements SetupOp {}

  /// Starts from directories laid over each other, the first on top; below all of them lie empty
  /// directories and files for the mounts to come, so that none of these has to be made in `upper`.
  /// Without `upper` it is read-only.
  record OverlayRoot(List<Path> lower, List<MountPoint> mountPoints, Optional<Upper> upper)
      implements SetupOp {
    public OverlayRoot {
      lower = List.copyOf(lower);
      mountPoints = List.copyOf(mountPoints);
    }
  }

  /// Where an overlay keeps what is written to it.
  record Upper(Path upper, Path work) {}

  record MountPoint(String target, boolean directory) {}

  record Mkdir(String target) implements SetupOp {}

  /// An empty file, to mount another over it.
  record Touch(String target) implements SetupOp {}

  /// A small file with this text.
  record File(String target, String text) implements SetupOp {}

  /// A file of bytes as from a random device, the same ones always.
  record Noise(String target) implements SetupOp {}

  /// @param text where the link points to
  record Symlink(String target, String text) implements SetupOp {}

  /// Shows the host's `source` with all that is mounted below it. The target exists.
  record Bind(Path source, String target, boolean writable) implements SetupOp {}

  /// Shows `lower` at a directory that exists, and takes what is written there into `upper`.
  record Overlay(String target, Path lower, Upper upper) implements SetupOp {}

  /// Shows one of the host's devices that are safe to share. The target exists.
  record Device(String name) implements SetupOp {}

  /// An empty file system in memory with the given mode.
  record Tmpfs(String target, int mode) implements SetupOp {}

  /// Pseudo-terminals of its own.
  record Devpts(String target) implements SetupOp {}

  /// The processes of its own process namespace, and nothing to write to. Where processes are
  /// numbered by a later step, this is done when they are.
  record Proc(String target) implements SetupOp {}

  /// From here on the file system mounted at `target` is read-only; what is mounted below it is not
  /// affected.
  record Seal(String target) implements SetupOp {}
}
