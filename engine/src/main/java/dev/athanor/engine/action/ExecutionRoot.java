package dev.athanor.engine.action;

import java.util.List;

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
  record Image(Artifact rootfs) implements ExecutionRoot {}
}
