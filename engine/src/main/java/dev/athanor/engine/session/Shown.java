package dev.athanor.engine.session;

import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.concurrent.SideBySide;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.source.Stamps;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The outputs of a plan that people find in the output folder.
final class Shown {
  private final OutputFolder folder;
  private final BuildState state;
  private final int[] outputs;

  /// Outputs that do not look as they did when they were last shown.
  private final BitSet outdated = new BitSet();

  private Shown(OutputFolder folder, BuildState state) {
    this.folder = folder;
    this.state = state;
    this.outputs =
        Arrays.stream(state.plan().references(WantedTarget.FILES))
            .filter(Plan::isOutput)
            .map(Plan::number)
            .toArray();
  }

  /// Looks at all of them.
  static Shown of(OutputFolder folder, BuildState state) throws IOException, InterruptedException {
    Shown shown = new Shown(folder, state);
    boolean[] differ = new boolean[shown.outputs.length];
    SideBySide.forEach(
        differ.length,
        i -> {
          int output = shown.outputs[i];
          long expected = state.shown(output);
          differ[i] =
              expected == Stamps.UNKNOWN
                  || Stamps.ofShown(folder.path(state.plan(), output)) != expected;
        });
    for (int i = 0; i < differ.length; i++) {
      shown.outdated.set(shown.outputs[i], differ[i]);
    }
    return shown;
  }

  boolean isUpToDate() {
    return outdated.isEmpty();
  }

  /// Shows everything that was made, and is not shown as it is.
  ///
  /// @throws MissingBlobException when the store has lost something of it
  void show(BuildResult result) throws IOException, InterruptedException {
    folder.bring(toShow(result));
    SideBySide.forEach(
        outputs.length,
        i -> {
          int output = outputs[i];
          Content content = content(output, result);
          if (content != null) {
            folder.show(state.plan().output(output), content);
            state.setShown(output, Stamps.ofShown(folder.path(state.plan(), output)));
          }
        });
  }

  private List<Content> toShow(BuildResult result) {
    return Arrays.stream(outputs)
        .mapToObj(output -> content(output, result))
        .filter(Objects::nonNull)
        .toList();
  }

  /// What an output holds; null when it was not made, or is shown as it is.
  private @Nullable Content content(int output, BuildResult result) {
    return outdated.get(output) || state.shown(output) == Stamps.UNKNOWN
        ? result.content(Plan.outputReference(output)).orElse(null)
        : null;
  }
}
