package dev.athanor.engine.query.output;

import dev.athanor.engine.label.Label;
import dev.athanor.engine.query.QueryResult;
import dev.athanor.engine.query.QueryTarget;
import dev.athanor.engine.query.Subgraph;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// The ways to write down the answer to a query.
public enum QueryOutput {
  /// A label in each line.
  LABEL,
  /// The kind, then the label: `genrule rule //app:version`.
  LABEL_KIND,
  /// Calls of rules, as a BUILD file has them after macros and globs.
  BUILD,
  /// One object, with attributes and direct dependencies.
  JSON,
  /// The direct dependencies among the targets, in the DOT language.
  GRAPH,
  /// The packages of the targets, each once, without the leading `//`.
  PACKAGE,
  /// `file:line:column: kind label`.
  LOCATION,
  /// Before each label, how many steps it is away from the nearest target that nothing depends on.
  MINRANK,
  /// The same along the longest way.
  MAXRANK;

  /// Writes the answer, with a line end after its last line.
  public void write(QueryResult result, Writer out) throws IOException, InterruptedException {
    switch (this) {
      case LABEL -> lines(result, out, target -> target.label().toString());
      case LABEL_KIND -> lines(result, out, target -> target.kind() + " " + target.label());
      case LOCATION ->
          lines(
              result,
              out,
              target -> target.location() + ": " + target.kind() + " " + target.label());
      case PACKAGE -> packages(result, out);
      case BUILD -> new BuildText(out).write(result);
      case JSON -> TargetJson.write(result, out);
      case GRAPH -> graph(result, out);
      case MINRANK -> ranks(result.subgraph(), result.subgraph().minRanks(), out);
      case MAXRANK -> ranks(result.subgraph(), result.subgraph().maxRanks(), out);
    }
  }

  private interface Line {
    String of(QueryTarget target);
  }

  private static void lines(QueryResult result, Writer out, Line line) throws IOException {
    for (QueryTarget target : result.targets()) {
      out.append(line.of(target)).append('\n');
    }
  }

  private static void packages(QueryResult result, Writer out) throws IOException {
    TreeSet<String> packages = new TreeSet<>();
    result.targets().forEach(target -> packages.add(target.label().pkg().text()));
    for (String pkg : packages) {
      out.append(pkg).append('\n');
    }
  }

  private static void graph(QueryResult result, Writer out)
      throws IOException, InterruptedException {
    Subgraph subgraph = result.subgraph();
    List<Label> labels = subgraph.labels();
    Dot dot = new Dot(out, "targets");
    for (Label label : labels) {
      dot.node(label.toString());
    }
    for (int from = 0; from < labels.size(); from++) {
      for (int to : subgraph.dependencies(from)) {
        dot.edge(labels.get(from).toString(), labels.get(to).toString());
      }
    }
    dot.end();
  }

  private static void ranks(Subgraph subgraph, int[] ranks, Writer out) throws IOException {
    // A stable sort of labels in order: by rank, then by label.
    List<Integer> order =
        IntStream.range(0, ranks.length)
            .boxed()
            .sorted((a, b) -> Integer.compare(ranks[a], ranks[b]))
            .toList();
    for (int number : order) {
      String label = subgraph.labels().get(number).toString();
      out.append(String.valueOf(ranks[number])).append(' ').append(label).append('\n');
    }
  }
}
