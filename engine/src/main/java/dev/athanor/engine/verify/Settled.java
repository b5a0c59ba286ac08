package dev.athanor.engine.verify;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionKey;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.source.Sources;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// An action of a build, what it read, and what it made of that.
record Settled(
    Action action,
    Map<Artifact, Content> inputs,
    SortedMap<RelativePath, Content> outputs,
    ActionKey key) {
  /// Nothing where these do not belong together any more: the build has made something again that
  /// was lost.
  static Optional<Settled> of(int number, BuildState known, Sources sources) throws IOException {
    Action action = known.plan().action(number);
    Map<Artifact, Content> inputs = new LinkedHashMap<>();
    int[] references = known.plan().inputs(number);
    for (int i = 0; i < references.length; i++) {
      Optional<Content> content = content(references[i], known, sources);
      if (content.isEmpty()) {
        return Optional.empty();
      }
      inputs.put(action.inputs().get(i), content.get());
    }
    SortedMap<RelativePath, Content> outputs = new TreeMap<>();
    int at = known.plan().firstOutput(number);
    for (Artifact.Derived output : action.outputs()) {
      Content content = known.output(at++);
      if (content == null) {
        return Optional.empty();
      }
      outputs.put(output.path(), content);
    }
    ActionKey key = ActionKey.of(action, inputs);
    Digest made = known.key(number);
    // The empty digest is no key: the next build is to ask again.
    boolean other = made != null && !made.equals(Digest.EMPTY) && !made.equals(key.digest());
    return other ? Optional.empty() : Optional.of(new Settled(action, inputs, outputs, key));
  }

  private static Optional<Content> content(int reference, BuildState known, Sources sources)
      throws IOException {
    Content content = known.content(reference);
    if (content == null && !Plan.isOutput(reference)) {
      content = sources.content(known.plan().source(Plan.number(reference)).path());
    }
    return Optional.ofNullable(content);
  }
}
