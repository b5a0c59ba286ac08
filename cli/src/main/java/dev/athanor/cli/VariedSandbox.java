package dev.athanor.cli;

import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.util.Set;

/// A sandbox for `verify`: everything that runs in it meets other circumstances.
record VariedSandbox(Sandbox sandbox, Set<Factor> varied) implements Sandbox {
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
