package dev.athanor.cli;

import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.SpawnRunner;
import java.io.IOException;
import java.util.Set;
import java.util.function.Supplier;

/// A spawn runner that is made for the first command: probing for a sandbox takes time.
///
/// @param offline whether commands that want the network are refused
record LazySpawnRunner(Supplier<? extends SpawnRunner> runner, boolean offline)
    implements SpawnRunner {
  @Override
  public Result run(Request request) throws IOException, InterruptedException {
    OfflineSandbox.refuse(offline && request.network());
    return runner.get().run(request);
  }

  @Override
  public Exit attach(Request request) throws IOException, InterruptedException {
    OfflineSandbox.refuse(offline && request.network());
    return runner.get().attach(request);
  }

  @Override
  public String name() {
    return runner.get().name();
  }

  @Override
  public boolean hermetic() {
    return runner.get().hermetic();
  }

  @Override
  public Set<Factor> varies() {
    return runner.get().varies();
  }
}
