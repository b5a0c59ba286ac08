package dev.athanor.testing;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.exec.Outcome;
import java.util.ArrayList;
import java.util.List;

/// A target could not be built: it is not there, in error, or an action of it failed. The message
/// tells everything, with what a command printed and with the hints. A test that does not expect it
/// has failed.
public final class BuildFailed extends AssertionError {
  private static final long serialVersionUID = 1;

  private BuildFailed(String message, Throwable cause) {
    super(message, cause);
  }

  private BuildFailed(String message) {
    super(message);
  }

  static BuildFailed of(String target, UserException e) {
    List<String> lines = new ArrayList<>();
    lines.add("cannot build " + target + ": " + e.getMessage());
    e.hint().ifPresent(hint -> lines.add("hint: " + hint));
    return new BuildFailed(String.join("\n", lines), e);
  }

  /// @param failures what is told of every action that failed
  static BuildFailed of(String target, List<String> failures) {
    return new BuildFailed("cannot build " + target + "\n" + String.join("\n", failures));
  }

  static String text(Action action, Outcome.Failed failed) {
    List<String> lines = new ArrayList<>();
    lines.add(action.describe() + ": " + failed.message());
    failed.output().lines().forEach(line -> lines.add("  | " + line));
    failed.hint().ifPresent(hint -> lines.add("hint: " + hint));
    return String.join("\n", lines);
  }
}
