package dev.athanor.sandbox;

import dev.athanor.engine.exec.Spawn;
import java.util.List;

/// A [Spawn] as every sandbox renders it: the same view, whatever makes it.
///
/// @param base steps that many spawns have in common, so that they can be taken once and shared;
///   equal lists build equal views
/// @param own steps of this spawn only, which come after those
/// @param identity whom the process is
/// @param spawn for all the rest
record SandboxSpec(List<SetupOp> base, List<SetupOp> own, Identity identity, Spawn spawn) {
  SandboxSpec {
    base = List.copyOf(base);
    own = List.copyOf(own);
  }

  /// How user and group ids inside belong to those outside.
  enum Identity {
    /// Just one user and one group exist, and they are this JVM's user and group under another
    /// number: what the process owns is what the JVM owns. Capabilities mean nothing.
    SINGLE,

    /// Ids are what they are in the root filesystem, and a process that is user 0 may do what
    /// [Capability#CONTAINER] lists. A JVM without privileges cannot have that: there it is one
    /// user again, and whatever would make another fails.
    RANGE
  }
}
