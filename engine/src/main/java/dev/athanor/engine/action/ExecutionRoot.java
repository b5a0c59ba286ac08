package dev.athanor.engine.action;

import java.util.List;
import java.util.Optional;

/// What a command sees as `/`, and so where its tools come from.
public sealed interface ExecutionRoot {
  /// The host's own tools.
  ///
  /// @param fingerprint names these tools as they are on this host, for the key
  record Host(List<String> visible, String fingerprint) implements ExecutionRoot {
    public Host {
      visible = List.copyOf(visible);
    }
  }

  /// A root filesystem that another action makes, which must be among the command's inputs.
  ///
  /// @param name by which whoever can reach its registry has exactly the image that was unpacked:
  ///   repository and digest. No part of any key: the file says what is in it
  record Image(Artifact rootfs, Optional<String> name) implements ExecutionRoot {
    /// An image that no registry is known to have.
    public Image(Artifact rootfs) {
      this(rootfs, Optional.empty());
    }
  }
}
