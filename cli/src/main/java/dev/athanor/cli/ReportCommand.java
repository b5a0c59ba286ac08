package dev.athanor.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import org.apache.commons.cli.Options;

/// `athanor report`: a page about the last build.
final class ReportCommand implements Command {
  private static final String OUTPUT = "output";
  private static final String FILE = "athanor-report.html";

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
        .addOption(GlobalFlags.value(null, OUTPUT, "FILE", "write it to FILE (" + FILE + ")"));
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    Terminal terminal = invocation.terminal();
    Path file =
        GlobalFlags.path(invocation.options(), OUTPUT, terminal)
            .orElse(terminal.directory().resolve(FILE));
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
        ReportPage.write(file, report);
        terminal.out().println(bench.shown(file));
      }
    }
    return ExitCode.SUCCESS;
  }
}
