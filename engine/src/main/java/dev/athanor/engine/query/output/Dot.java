package dev.athanor.engine.query.output;

import java.io.IOException;
import java.io.Writer;

/// Writes a directed graph in the DOT language.
final class Dot {
  private final Writer out;

  Dot(Writer out, String name) throws IOException {
    this.out = out;
    out.append("digraph ").append(name).append(" {\n  node [shape=box];\n");
  }

  void node(String name) throws IOException {
    out.append("  ").append(quoted(name)).append(";\n");
  }

  /// A node that shows something else than its name; a line end in `text` is one in the box.
  void node(String name, String text) throws IOException {
    out.append("  ").append(quoted(name)).append(" [label=").append(quoted(text)).append("];\n");
  }

  void edge(String from, String to) throws IOException {
    out.append("  ").append(quoted(from)).append(" -> ").append(quoted(to)).append(";\n");
  }

  void edge(String from, String to, String text) throws IOException {
    out.append("  ").append(quoted(from)).append(" -> ").append(quoted(to));
    out.append(" [label=").append(quoted(text)).append("];\n");
  }

  void end() throws IOException {
    out.append("}\n");
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
