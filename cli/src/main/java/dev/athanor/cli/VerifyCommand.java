package dev.athanor.cli;

import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.verify.Verifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.cli.Options;

/// `athanor verify`: builds targets, runs their actions again in other circumstances, and tells
/// which of them make something else then, and why.
final class VerifyCommand implements Command {
  @Override
  public String name() {
    return "verify";
  }

  @Override
  public String usage() {
    return "TARGET...";
  }

  @Override
  public String summary() {
    return "Finds actions that are not deterministic, and says why.";
  }

  @Override
  public String description() {
    return """
    Builds the targets and runs every action that they need once more, with another clock, time
    zone, locale, host name, user, home, umask, directory and so on. Where outputs differ, it finds
    out which of these make the difference, shows what differs, and says what helps. What was found
    to be deterministic is remembered, and not looked at again until it changes. Exits with 5 when
    something is not deterministic. See docs/verify.md.\
    """;
  }

  @Override
  public Options options() {
    return VerifyFlags.options();
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    VerifyFlags flags = VerifyFlags.of(invocation);
    try (Workbench bench = new Workbench(invocation);
        Verifier verifier =
            new Verifier(
                bench.scheduler,
                bench.reruns(),
                bench.ledger,
                bench.comparison(),
                flags.choice())) {
      bench.watch(verifier);
      BuildResult build =
          bench.build(BuildCommand.GOAL, bench.patterns(invocation.targets()), _ -> {});
      VerifyReport report = new VerifyReport(verifier.await(), build, flags.seed());
      bench.console.close();
      print(report, flags, invocation);
      return exitCode(report);
    }
  }

  private static ExitCode exitCode(VerifyReport report) {
    return !report.built()
        ? ExitCode.BUILD_FAILED
        : !report.deterministic()
            ? ExitCode.NOT_DETERMINISTIC
            : report.broken() ? ExitCode.MACHINE : ExitCode.SUCCESS;
  }

  private static void print(VerifyReport report, VerifyFlags flags, Invocation invocation)
      throws IOException {
    if (invocation.json()) {
      invocation.terminal().out().println(PrettyJson.of(report.json()));
    } else {
      report.text().forEach(invocation.terminal().out()::println);
    }
    if (flags.junit().isPresent()) {
      byte[] xml = VerifyXml.of(report);
      NewFile.write(flags.junit().get(), out -> out.write(xml));
    }
    if (flags.html().isPresent()) {
      String page = VerifyPage.of(report);
      NewFile.write(flags.html().get(), out -> out.write(page.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
