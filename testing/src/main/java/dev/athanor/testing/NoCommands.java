package dev.athanor.testing;

import dev.athanor.engine.UserException;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import java.util.Set;

/// The sandbox of a workspace in memory, where no process could see a file.
final class NoCommands implements Sandbox {
  @Override
  public Exit run(Spawn spawn) {
    throw refusal();
  }

  static UserException refusal() {
    return new UserException(
        "a workspace in memory runs no commands, only built-in actions",
        "use Athanor.temporary() for targets that run programs");
  }

  @Override
  public String name() {
    return "memory";
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
