package dev.athanor.engine.diff;

import java.io.IOException;

/// A structure that files can have. Without state, and safe for use by many threads.
public interface Format {
  /// What people call it, such as `gzip`.
  String name();

  /// Whether the bytes look like it; a few first ones decide, never a file's name.
  boolean recognises(Data data) throws IOException;

  /// Reports at `place` what differs; both sides are recognised, and are not the same. Where it
  /// finds nothing, the two sides mean the same and are written in another way.
  ///
  /// @throws IOException when a side is damaged, or leads to a blob that is not there; what was
  ///   reported is forgotten then, and the bytes are compared as such
  void compare(Data before, Data after, Place place) throws IOException;
}
