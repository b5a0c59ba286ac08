package dev.athanor.cli;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What became of a test.
///
/// @param runs all of the first shard, then all of the next
record TestResult(String label, int shards, List<Run> runs) {
  TestResult {
    runs = List.copyOf(runs);
  }

  /// In order of gravity.
  enum Status {
    PASSED,
    /// It passed, but not at once.
    FLAKY,
    /// It was stopped, or something that it needs could not be made.
    NOT_RUN,
    TIMEOUT,
    FAILED;

    /// Whether there is nothing to complain about.
    boolean passed() {
      return this == PASSED || this == FLAKY;
    }

    /// For people.
    String text() {
      return name().replace('_', ' ');
    }
  }

  /// One run of one shard.
  ///
  /// @param cached whether this is the result of an earlier run
  /// @param attempts how many it took to pass
  /// @param wall zero where unknown
  /// @param message why it failed
  /// @param shown where the log is shown, if there is one
  record Run(
      Status status,
      boolean cached,
      int attempts,
      Duration wall,
      String message,
      Path shown,
      Optional<Content> log,
      Optional<Content> outputs) {
    /// What it printed, as far as there is any of it.
    String logText(BlobStore blobs) throws IOException {
      return log.isPresent() && log.get() instanceof Content.File(var digest, _)
          ? new String(blobs.read(digest), StandardCharsets.UTF_8)
          : "";
    }

    /// A file that it left, by its path among the outputs.
    Optional<Digest> leaf(String path, BlobStore blobs) throws IOException {
      return outputs.isPresent()
              && outputs.get() instanceof Content.Tree(var tree)
              && Trees.leaves(tree, blobs).get(RelativePath.of(path))
                  instanceof Content.File(var digest, _)
          ? Optional.of(digest)
          : Optional.empty();
    }
  }

  /// That of the worst run.
  Status status() {
    return runs.stream().map(Run::status).max(Comparator.naturalOrder()).orElse(Status.NOT_RUN);
  }

  /// Whether nothing ran for this.
  boolean cached() {
    return runs.stream().allMatch(Run::cached);
  }

  /// The longest run.
  Duration wall() {
    return runs.stream().map(Run::wall).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
  }

  long count(Status status) {
    return runs.stream().filter(run -> run.status() == status).count();
  }

  /// What a run is called among others: empty when there is but one.
  String name(int index) {
    int repeats = runs.size() / shards;
    String shard = shards == 1 ? "" : "shard " + (index / repeats + 1) + " of " + shards;
    String run = repeats == 1 ? "" : "run " + (index % repeats + 1) + " of " + repeats;
    return shard + (shard.isEmpty() || run.isEmpty() ? "" : ", ") + run;
  }
}
