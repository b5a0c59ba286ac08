package dev.athanor.engine.exec;

import java.io.IOException;
import java.util.Set;

/// A sandbox in which everything meets other circumstances than in builds.
public record VariedSandbox(Sandbox sandbox, Set<Factor> varied) implements Sandbox {
  @Override
  public Exit run(Spawn spawn) throws IOException, InterruptedException {
    return sandbox.run(spawn.under(varied));
  }

  @Override
  public String name() {
    return sandbox.name();
  }

  @Override
  public boolean hermetic() {
    return sandbox.hermetic();
  }

  @Override
  public Set<Factor> varies() {
    return sandbox.varies();
  }
}
