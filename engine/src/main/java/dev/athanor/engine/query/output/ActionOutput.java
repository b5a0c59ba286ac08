package dev.athanor.engine.query.output;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.exec.KnownKey;
import java.io.IOException;
import java.io.Writer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The ways to write down actions.
public enum ActionOutput {
  /// A block of lines for each action, one fact in each line.
  TEXT,
  /// One object.
  JSON,
  /// The actions and what they hand to each other, in the DOT language.
  GRAPH;

  /// An action and what can be said of its key.
  public record Entry(Action action, KnownKey key) {}

  /// Writes the actions in the given order, with a line end after the last line.
  public void write(List<Entry> entries, Writer out) throws IOException {
    switch (this) {
      case TEXT -> {
        String gap = "";
        for (Entry entry : entries) {
          out.append(gap);
          new ActionText(out).write(entry);
          gap = "\n";
        }
      }
      case JSON -> ActionJson.write(entries, out);
      case GRAPH -> graph(entries, out);
    }
  }

  private static void graph(List<Entry> entries, Writer out) throws IOException {
    Map<Artifact, Action> producers = new HashMap<>();
    Dot dot = new Dot(out, "actions");
    for (Entry entry : entries) {
      Action action = entry.action();
      dot.node(name(action), action.describe().replaceFirst(" ", "\n"));
      action.outputs().forEach(output -> producers.put(output, action));
    }
    for (Entry entry : entries) {
      Map<String, String> handed = new TreeMap<>();
      for (Artifact input : entry.action().inputs()) {
        Action producer = producers.get(input);
        if (producer != null) {
          handed.merge(name(producer), entry.action().place(input).text(), (a, b) -> a + "\n" + b);
        }
      }
      for (Map.Entry<String, String> edge : handed.entrySet()) {
        dot.edge(name(entry.action()), edge.getKey(), edge.getValue());
      }
    }
    dot.end();
  }

  /// No two actions make the same path for one platform.
  static String name(Action action) {
    return action.outputs().getFirst().uniquePath();
  }
}
