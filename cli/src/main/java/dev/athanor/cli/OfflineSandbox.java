package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.util.Set;

/// A sandbox for `--offline`: whatever asks for the network is not run.
record OfflineSandbox(Sandbox sandbox) implements Sandbox {
  @Override
  public Exit run(Spawn spawn) throws IOException, InterruptedException {
    refuse(spawn.network());
    return sandbox.run(spawn);
  }

  /// @param network whether something wants the network
  static void refuse(boolean network) {
    if (network) {
      throw new UserException(
          "this command wants the network, and --offline forbids it",
          "build once without --offline");
    }
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
