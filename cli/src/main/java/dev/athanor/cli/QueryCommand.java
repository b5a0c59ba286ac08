package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.query.Query;
import dev.athanor.engine.query.QueryFunction;
import dev.athanor.engine.query.QueryResult;
import dev.athanor.engine.query.TargetGraph;
import dev.athanor.engine.query.output.ActionOutput;
import dev.athanor.engine.query.output.QueryOutput;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/// `athanor query`: answers questions about targets, and shows the actions behind them. Builds
/// nothing.
final class QueryCommand implements Command {
  private static final String OUTPUT = "output";

  @Override
  public String name() {
    return "query";
  }

  @Override
  public String usage() {
    return "EXPRESSION";
  }

  @Override
  public String summary() {
    return "Answers questions about targets and what they depend on.";
  }

  @Override
  public String description() {
    return """
    An expression is a target pattern, a call of a function, or two expressions joined by
    '+' (union), '^' (intersect) or '-' (except), which are read from left to right. Parentheses
    group; set(a b) is several patterns; let x = e in ... $x ... names a part. //pkg:* and
    //...:* name files as well. What begins with '-' or '*', or holds '+', '=', '(' or a space,
    is put in quotes. The functions:

    """
        + Arrays.stream(QueryFunction.values())
            .map(function -> "  " + function.signature())
            .collect(Collectors.joining("\n"))
        + """


        docs/reference.md explains each. With --actions the targets are analysed, and the actions
        that they declare printed with all that goes into their keys: those of //app:image alone,
        or of everything below it for deps(//app:image).\
        """;
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(
            GlobalFlags.value(
                null,
                OUTPUT,
                "FORMAT",
                "how to print targets: "
                    + Choice.spelled(QueryOutput.values())
                    + "; or actions: "
                    + Choice.spelled(ActionOutput.values())))
        .addOption(
            GlobalFlags.value(
                null,
                "order",
                "ORDER",
                "label, deps (a target before what it depends on), or auto: by label, but a path as it goes"))
        .addOption(GlobalFlags.flag(null, "actions", "analyse the targets and print their actions"))
        .addOption(
            GlobalFlags.flag(null, "no-implicit-deps", "leave out what rules name by default"))
        .addOption(
            GlobalFlags.value(
                null, "universe", "PATTERN", "where allrdeps looks (//...); repeatable"))
        .addOption(GlobalFlags.value(null, "query-file", "FILE", "read the expression from FILE"));
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    CommandLine line = invocation.options();
    Query query = query(invocation);
    Query.Order order = Choice.of(line, "order", Query.Order.AUTO);
    Answer answer = line.hasOption("actions") ? actions(invocation) : targets(invocation);
    try (Workbench bench = new Workbench(invocation)) {
      bench.console.post(new BuildEvent.Loading(invocation.arguments()));
      TargetGraph graph =
          bench.session.targets(bench.flags.keepGoing(), !line.hasOption("no-implicit-deps"));
      QueryResult result = query.run(graph, bench.here(), universe(line), order);
      List<UserException> errors = new ArrayList<>();
      PrintStream stdout = invocation.terminal().out();
      Writer out = new BufferedWriter(new OutputStreamWriter(stdout, StandardCharsets.UTF_8));
      answer.write(result, new ActionQuery(bench, errors), out);
      out.flush();
      errors.addAll(0, result.errors());
      errors.forEach(error -> Main.report(invocation.terminal(), error));
      return errors.isEmpty() ? ExitCode.SUCCESS : ExitCode.BAD_INPUT;
    }
  }

  /// How the answer is to be written down.
  private interface Answer {
    void write(QueryResult result, ActionQuery actions, Writer out)
        throws IOException, InterruptedException;
  }

  private static Answer targets(Invocation invocation) {
    QueryOutput usual = invocation.json() ? QueryOutput.JSON : QueryOutput.LABEL;
    QueryOutput output = Choice.of(invocation.options(), OUTPUT, usual);
    return (result, _, out) -> output.write(result, out);
  }

  private static Answer actions(Invocation invocation) {
    ActionOutput usual = invocation.json() ? ActionOutput.JSON : ActionOutput.TEXT;
    ActionOutput output = Choice.of(invocation.options(), OUTPUT, usual);
    return (result, actions, out) -> output.write(actions.entries(result), out);
  }

  private static Query query(Invocation invocation) throws IOException {
    Optional<Path> file =
        GlobalFlags.path(invocation.options(), "query-file", invocation.terminal());
    if (file.isPresent() == !invocation.arguments().isEmpty()) {
      throw new UserException(
          file.isPresent() ? "a query and a file with one are too much" : "query needs a query",
          "for example: athanor query 'deps(//app:image)'");
    }
    return file.isPresent()
        ? Query.parse(file.get().toString(), Files.readString(file.get()))
        : Query.parse("query", Query.join(invocation.arguments()));
  }

  private static List<String> universe(CommandLine line) {
    return Optional.ofNullable(line.getOptionValues("universe"))
        .map(List::of)
        .orElse(List.of("//..."));
  }
}
