package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.remote.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;

/// A build of which something is left behind, however it ends: the record that `report` reads, and
/// a page where one is wanted at once.
///
/// @param recorder hears of everything in the build
record RecordedBuild(
    Workbench bench, Recorder recorder, String command, List<TargetPattern> patterns) {
  interface Building {
    BuildResult build() throws IOException, InterruptedException;
  }

  BuildResult run(Building building) throws IOException, InterruptedException {
    BuildResult result;
    try {
      result = building.build();
    } catch (InterruptedException e) {
      leave(BuildRecord.End.INTERRUPTED, "interrupted", e);
      throw e;
    } catch (UserException e) {
      String hint = e.hint().map(text -> "\nhint: " + text).orElse("");
      leave(BuildRecord.End.REFUSED, e.getMessage() + hint, e);
      throw e;
    } catch (IOException | RuntimeException e) {
      leave(BuildRecord.End.BROKEN, String.valueOf(e.getMessage()), e);
      throw e;
    }
    BuildRecord record =
        record(result.summary().success() ? BuildRecord.End.SUCCEEDED : BuildRecord.End.FAILED, "");
    save(record);
    try {
      page(record);
    } catch (IOException | UserException e) {
      // What was asked for is done, and the exit code is to say so.
      bench.console.line("warning: there is no report of this build: " + e.getMessage());
    }
    return result;
  }

  /// Leaves behind what there is to tell of a build that did not come to its end. What goes wrong
  /// with that is not what the user has to hear of first.
  private void leave(BuildRecord.End end, String message, Exception cause) {
    BuildRecord record = record(end, message);
    save(record);
    if (end != BuildRecord.End.INTERRUPTED) {
      try {
        page(record);
      } catch (IOException | InterruptedException | RuntimeException e) {
        cause.addSuppressed(e);
      }
    }
  }

  private BuildRecord record(BuildRecord.End end, String message) {
    String words =
        patterns.stream().map(pattern -> " " + pattern.text()).collect(Collectors.joining());
    return recorder.record(
        new Recorder.Words(
            bench.program(),
            command + words,
            bench.flags.configuration().text(),
            bench.flags.jobs()),
        end,
        message,
        bench
            .sharing
            .map(Sharing::traffic)
            .map(RecordedBuild::traffic)
            .orElse(BuildRecord.Remote.NONE));
  }

  private static BuildRecord.Remote traffic(Traffic traffic) {
    return new BuildRecord.Remote(traffic.hits(), traffic.misses(), traffic.downloadedBytes());
  }

  /// A build does not fail because nobody can tell of it later.
  private void save(BuildRecord record) {
    // Who is interrupted cannot write files.
    boolean interrupted = Thread.interrupted();
    try {
      Files.createDirectories(bench.memory());
      record.save(bench.memory(), new CacheLayout(bench.cache.root()).tmp());
    } catch (IOException | RuntimeException e) {
      bench.console.line("warning: there will be no report of this build: " + e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void page(BuildRecord record) throws IOException, InterruptedException {
    if (bench.flags.report().isPresent()) {
      ReportPage.write(bench.flags.report().get(), Report.of(record, bench));
    }
  }
}
