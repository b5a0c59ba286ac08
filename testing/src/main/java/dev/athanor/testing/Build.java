package dev.athanor.testing;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A build that succeeded.
public final class Build {
  private final String target;
  private final BuildState state;
  private final BitSet executed;
  private final SortedMap<String, Output> shown;
  private final SortedMap<String, Output> outputs;

  /// @param executed the actions that really ran
  Build(String target, BuildResult result, BitSet executed, BlobStore blobs) {
    this.target = target;
    this.state = result.state();
    if (plan().outputCount() > 0) {
      // What was remembered is read once and for all, while it can be.
      var _ = state.output(0);
    }
    this.executed = executed;
    this.shown = shown(result, blobs);
    this.outputs = new TreeMap<>(shown);
    shown.values().forEach(this::addLeaves);
  }

  private static SortedMap<String, Output> shown(BuildResult result, BlobStore blobs) {
    SortedMap<String, Output> shown = new TreeMap<>();
    for (int reference : result.plan().references(WantedTarget.FILES)) {
      if (Plan.isOutput(reference)) {
        String path = result.plan().visiblePath(Plan.number(reference));
        shown.put(path, new Output(path, result.content(reference).orElseThrow(), blobs));
      }
    }
    return shown;
  }

  private void addLeaves(Output output) {
    if (output.content() instanceof Content.Tree(var digest)) {
      try {
        for (Map.Entry<RelativePath, Content> leaf :
            Trees.leaves(digest, output.blobs()).entrySet()) {
          String path = output.path() + "/" + leaf.getKey();
          outputs.put(path, new Output(path, leaf.getValue(), output.blobs()));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Everything that would be shown below `athanor-out`, in the order of paths: files, directories,
  /// and what is in them.
  public List<Output> outputs() {
    return List.copyOf(outputs.values());
  }

  /// One of the outputs.
  ///
  /// @param path below `athanor-out`, or as much of its end as nothing else has: of
  ///   `app/lib/x.txt`, `x.txt` will do
  /// @throws AssertionError when there is none, or several
  public Output output(String path) {
    Output exact = outputs.get(path);
    if (exact != null) {
      return exact;
    }
    List<Output> found =
        outputs.values().stream().filter(it -> it.path().endsWith("/" + path)).toList();
    if (found.size() != 1) {
      throw new AssertionError(
          target
              + (found.isEmpty() ? " has no output " : " has several outputs ")
              + path
              + "; it has "
              + (outputs.isEmpty() ? "none" : String.join(", ", outputs.keySet())));
    }
    return found.getFirst();
  }

  /// The actions that really ran, and were not answered by a cache: `genrule //app:lib`.
  public List<String> executed() {
    return executed.stream().mapToObj(number -> plan().action(number).describe()).toList();
  }

  /// The outputs themselves, without what is in directories.
  SortedMap<String, Output> shown() {
    return shown;
  }

  boolean executed(int action) {
    return executed.get(action);
  }

  Plan plan() {
    return state.plan();
  }

  BuildState state() {
    return state;
  }
}
