package dev.athanor.engine.source;

import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;

/// The workspace's files as content. Whatever this returns is in the store: actions see the store
/// only, so nothing changes under a running action.
public interface Sources {
  /// What stands at `path` now.
  ///
  /// @throws dev.athanor.engine.UserException when nothing is there
  Content content(RelativePath path) throws IOException;

  /// Takes the file into the store again, after its blob was lost.
  Content restore(RelativePath path) throws IOException;
}
