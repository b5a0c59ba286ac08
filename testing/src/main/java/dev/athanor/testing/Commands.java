package dev.athanor.testing;

import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.concurrent.Lazy;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.sandbox.SandboxedSpawnRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;

/// What runs the commands of a workspace. The sandbox is looked for when there is a first one.
final class Commands implements SpawnRunner, AutoCloseable {
  private final boolean online;
  private final boolean possible;
  private final Lazy<Sandbox> sandbox;
  private final Lazy<SandboxedSpawnRunner> runner;

  Commands(Settings settings, BlobStore blobs, Path scratch) {
    online = settings.online();
    possible = settings.runsCommands();
    sandbox = Lazy.of(() -> settings.sandbox().apply(scratch.resolve("state")));
    runner =
        Lazy.of(() -> {
          try {
            return SandboxedSpawnRunner.open(sandbox.get(), blobs, scratch.resolve("actions"));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /// For commands in images.
  Sandbox sandbox() {
    return online ? sandbox.get() : new Offline(sandbox.get());
  }

  private record Offline(Sandbox sandbox) implements Sandbox {
    @Override
    public Exit run(Spawn spawn) throws IOException, InterruptedException {
      refuse(spawn.network());
      return sandbox.run(spawn);
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

  private static void refuse(boolean network) {
    if (network) {
      throw new UserException("this command wants the network", "allow it with Athanor.online()");
    }
  }

  @Override
  public Result run(Request request) throws IOException, InterruptedException {
    refuse(!online && request.network());
    if (!possible) {
      throw NoCommands.refusal();
    }
    return runner.get().run(request);
  }

  @Override
  public Exit attach(Request request) {
    throw new UnsupportedOperationException("tests have no terminal");
  }

  @Override
  public String name() {
    return sandbox.get().name();
  }

  @Override
  public boolean hermetic() {
    return sandbox.get().hermetic();
  }

  @Override
  public Set<Factor> varies() {
    return sandbox.get().varies();
  }

  @Override
  public void close() throws IOException {
    SandboxedSpawnRunner opened = runner.peek();
    if (opened != null) {
      opened.close();
    }
    Sandbox used = sandbox.peek();
    if (used != null) {
      used.close();
    }
  }
}
