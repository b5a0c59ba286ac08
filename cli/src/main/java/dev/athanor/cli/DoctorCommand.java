package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.sandbox.HostProbe;
import dev.athanor.sandbox.Sandboxes;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// `athanor doctor`: what this host can give a command, found out by trying.
final class DoctorCommand implements Command {
  @Override
  public String name() {
    return "doctor";
  }

  @Override
  public String usage() {
    return "";
  }

  @Override
  public String summary() {
    return "Tries on this host every way out of a sandbox, and into it.";
  }

  @Override
  public String description() {
    return """
    Runs a command for each known leak in the sandbox that builds would use, or in the one that
    --sandbox names, and tells what came of it and what to do about it.\
    """;
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    OpenWorkspace opened = OpenWorkspace.of(invocation);
    Path state = new CacheFolder(opened.flags().cacheDir()).sandboxState();
    Sandboxes.Choice choice = Sandboxes.choose(opened.flags().sandbox(), state);
    List<HostProbe.Finding> findings;
    try (Sandbox sandbox = choice.sandbox()) {
      findings = HostProbe.probe(sandbox, state);
    }
    if (invocation.json()) {
      invocation.terminal().out().println(json(choice, findings));
    } else {
      print(invocation.terminal().out(), choice, findings);
    }
    return ExitCode.SUCCESS;
  }

  private static void print(
      PrintStream out, Sandboxes.Choice choice, List<HostProbe.Finding> findings) {
    out.println("sandbox: " + choice.sandbox().name());
    choice.rejected().forEach(reason -> out.println("  not " + reason));
    out.println();
    for (HostProbe.Finding finding : findings) {
      out.println(String.format(Locale.ROOT, "  %-8s  %s", word(finding.state()), finding.leak()));
      if (finding.state() == HostProbe.State.OPEN) {
        finding.detail().lines().limit(3).forEach(line -> out.println("            saw: " + line));
        out.println("            hint: " + finding.advice());
      }
    }
    long open = findings.stream().filter(f -> f.state() == HostProbe.State.OPEN).count();
    out.println();
    out.println(
        open == 0
            ? "Every leak that a sandbox can close is closed."
            : open
                + " of "
                + findings.size()
                + " leaks are open: results may depend on this host.");
  }

  private static JsonObject json(Sandboxes.Choice choice, List<HostProbe.Finding> findings) {
    JsonObject json = new JsonObject();
    json.addProperty("sandbox", choice.sandbox().name());
    json.addProperty("hermetic", choice.sandbox().hermetic());
    JsonArray leaks = new JsonArray();
    for (HostProbe.Finding finding : findings) {
      JsonObject leak = new JsonObject();
      leak.addProperty("leak", finding.leak());
      leak.addProperty("state", word(finding.state()));
      leak.addProperty("detail", finding.detail());
      leak.addProperty("advice", finding.advice());
      leaks.add(leak);
    }
    json.add("leaks", leaks);
    return json;
  }

  private static String word(HostProbe.State state) {
    return switch (state) {
      case CLOSED -> "closed";
      case OPEN -> "OPEN";
      case INHERENT -> "inherent";
    };
  }
}
