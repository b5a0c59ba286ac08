package dev.athanor.cli;

import com.google.gson.stream.JsonWriter;
import dev.athanor.engine.loading.Workspace;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.cli.Options;

/// `athanor report`: a page about the last build.
final class ReportCommand implements Command {
  private static final String OUTPUT = "output";

  /// Not among the sources, where a glob would find it.
  private static final String FILE = Workspace.OUTPUT_FOLDER + "/report.html";

  @Override
  public String name() {
    return "report";
  }

  @Override
  public String usage() {
    return "";
  }

  @Override
  public String summary() {
    return "Writes a page about the last build: what ran when and why, the graph, the images.";
  }

  @Override
  public String description() {
    return """
    The page is one file that needs no network: timeline and critical path, the graph of actions,
    what changed and what ran because of it, the layers and files of images. It is about the last
    build, test, run, load or publish in this workspace, also one that failed. With --json, prints
    the data in it. See docs/report.md.\
    """;
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(
            GlobalFlags.value(
                null, OUTPUT, "FILE", "write it to FILE (" + FILE + " of the workspace)"));
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    Terminal terminal = invocation.terminal();
    Optional<Path> named = GlobalFlags.path(invocation.options(), OUTPUT, terminal);
    try (Workbench bench = new Workbench(invocation)) {
      Report report = Report.of(BuildRecord.read(bench.memory()), bench);
      bench.console.close();
      if (invocation.json()) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
          report.write(json);
        }
        terminal.out().println(text);
      } else {
        Path file = named.orElseGet(() -> bench.workspace.root().resolve(FILE));
        if (named.isEmpty()) {
          Files.createDirectories(file.getParent());
        }
        ReportPage.write(file, report);
        terminal.out().println(bench.shown(file));
      }
    }
    return ExitCode.SUCCESS;
  }
}
