package dev.athanor.engine.testing;

import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.SpawnRunner;
import java.util.Set;

/// Starts no process.
public final class NoSpawns implements SpawnRunner {
  @Override
  public Result run(Request request) {
    throw new AssertionError("nothing is spawned here");
  }

  @Override
  public Exit attach(Request request) {
    throw new AssertionError("nothing is spawned here");
  }

  @Override
  public String name() {
    return "none";
  }

  @Override
  public boolean hermetic() {
    return true;
  }

  @Override
  public Set<Factor> varies() {
    return Set.of();
  }
}
