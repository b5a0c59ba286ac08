package dev.athanor.sandbox;

import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A sandbox that can also show a directory beneath a writable bind, so that the process seems to
/// write where its inputs are, while they stay as they are.
interface LayeringSandbox extends Sandbox {
  /// @param target that of a writable bind of the spawn, whose source takes the writes
  /// @param lower what is seen where nothing was written
  /// @param work an empty folder on the file system of that source
  record Beneath(String target, Path lower, Path work) {}

  /// As [#run(Spawn)].
  Exit run(Spawn spawn, List<Beneath> beneath) throws IOException, InterruptedException;

  @Override
  default Exit run(Spawn spawn) throws IOException, InterruptedException {
    return run(spawn, List.of());
  }
}
