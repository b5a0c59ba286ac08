package dev.athanor.engine.query.output;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.exec.KnownKey;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;
import java.util.Map;

/// Writes an action for people: what it is and for whom, then all that is in its key, a fact in
/// each line.
record ActionText(Writer out) {
  private static final int COLUMN = 13;

  void write(ActionOutput.Entry entry) throws IOException {
    Action action = entry.action();
    out.append(action.describe()).append('\n');
    switch (action) {
      case Action.Command command -> command(command);
      case Action.Builtin builtin -> builtin(builtin);
    }
    for (Artifact input : action.inputs()) {
      switch (input) {
        case Artifact.Source source -> fact("input", source.path().text());
        case Artifact.Derived derived ->
            fact("input", action.place(input) + " of " + derived.owner());
      }
    }
    for (Artifact.Derived output : action.outputs()) {
      fact("output", output.path() + note(output.kind()));
    }
    key(entry.key());
  }

  private void command(Action.Command command) throws IOException {
    fact("type", "command");
    switch (command.root()) {
      case ExecutionRoot.Host(_, var fingerprint) -> fact("root", "host " + fingerprint);
      case ExecutionRoot.Image(var rootfs, _) -> fact("root", "image " + rootfs.path());
    }
    if (command.network()) {
      fact("network", "host");
    }
    if (command.timeout().isPresent()) {
      fact("timeout", command.timeout().get().toSeconds() + " s");
    }
    for (Map.Entry<String, String> variable : command.env().entrySet()) {
      fact("environment", variable.getKey() + "=" + variable.getValue());
    }
    for (String argument : command.argv()) {
      fact("argument", argument);
    }
  }

  private void builtin(Action.Builtin builtin) throws IOException {
    fact("type", builtin.type().id() + " version " + builtin.type().version());
    for (Map.Entry<String, String> param : builtin.params().entrySet()) {
      fact("parameter", param.getKey() + "=" + param.getValue());
    }
  }

  private void key(KnownKey key) throws IOException {
    switch (key) {
      case KnownKey.Known(var found, var cached) ->
          fact("key", found.digest() + (cached ? ", cached" : ""));
      case KnownKey.Unknown(var because) -> fact("key", "not known yet: " + because);
    }
  }

  private static String note(Artifact.Derived.Kind kind) {
    return switch (kind) {
      case FILE -> "";
      case EXECUTABLE, TREE -> " (" + kind.name().toLowerCase(Locale.ROOT) + ")";
    };
  }

  /// Further lines of a text stand below its first.
  private void fact(String name, String text) throws IOException {
    out.append("  ").append(name).append(" ".repeat(COLUMN - name.length()));
    out.append(text.strip().replace("\n", "\n" + " ".repeat(COLUMN + 2))).append('\n');
  }
}
