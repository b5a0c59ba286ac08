package dev.athanor.testing;

import dev.athanor.engine.diff.Difference;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;

/// A target of a workspace, with all that it takes; or several. Built anew for each question, from
/// the files as they are then.
public final class Target {
  private final Athanor athanor;
  private final String pattern;

  Target(Athanor athanor, String pattern) {
    this.athanor = athanor;
    this.pattern = pattern;
  }

  /// @throws BuildFailed when that does not succeed
  public Build build() {
    return athanor.build(pattern);
  }

  /// Builds it, and runs each action that it takes again under whatever can be varied.
  public Verification verify() {
    return verify(Asked.ALL);
  }

  Verification verify(Asked asked) {
    Build build = build();
    BitSet all = new BitSet();
    all.set(0, build.plan().actionCount());
    return athanor.verify(build, pattern, all, asked);
  }

  /// How what this makes differs from what another target makes, by output.
  List<Difference> differences(Target other) {
    Build here = build();
    Build there = other.build();
    TreeSet<String> paths = new TreeSet<>(here.shown().keySet());
    paths.addAll(there.shown().keySet());
    List<Difference> all = new ArrayList<>();
    for (String path : paths) {
      Output mine = here.shown().get(path);
      Output others = there.shown().get(path);
      if (mine == null || others == null) {
        all.add(
            new Difference(
                List.of(path),
                Difference.Aspect.PRESENCE,
                mine == null ? "" : "made",
                others == null ? "" : "made"));
      } else if (!mine.content().equals(others.content())) {
        athanor.differences(mine, others).forEach(inside -> all.add(inside.within(path)));
      }
    }
    return all;
  }

  Athanor athanor() {
    return athanor;
  }

  @Override
  public String toString() {
    return pattern;
  }
}
