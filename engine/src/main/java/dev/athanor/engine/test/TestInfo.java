package dev.athanor.engine.test;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Provider;
import java.util.List;

/// Provided by targets that can be tested.
///
/// @param runs those of the first shard first, in order
/// @param shards into how many parts the test is split
/// @param tags words to choose it by: those of the target, and its size
public record TestInfo(List<Run> runs, int shards, List<String> tags) implements Provider {
  /// Where in [Run#outputs] the test may leave its results, in JUnit's form.
  public static final String RESULTS = "test.xml";

  /// The file in [Run#outputs] that a test touches to say that it runs only its own shard.
  public static final String SHARDING = "sharding";

  public TestInfo {
    runs = List.copyOf(runs);
    tags = List.copyOf(tags);
  }

  /// One run of one shard. It fails when the action that makes these fails.
  ///
  /// @param log what it prints
  /// @param outputs a tree of what it leaves besides
  public record Run(Artifact.Derived log, Artifact.Derived outputs) {}
}
