package dev.athanor.engine.exec;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.source.Sources;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the sources and outputs of a plan hold while it is built, and which of them hold something
/// else than before.
final class Contents {
  private final Plan plan;
  private final BuildState state;
  private final Sources sources;

  /// Sources that nobody has looked at since they may have changed. Guarded by itself.
  private final BitSet doubtful;

  /// References to what holds something else than when the build began. Guarded by itself.
  private final BitSet news = new BitSet();

  /// Keep two threads from reading one source at the same time; a few do for all sources.
  private final Object[] reading = new Object[64];

  Contents(Plan plan, BuildState state, Sources sources, BitSet doubtful) {
    this.plan = plan;
    this.state = state;
    this.sources = sources;
    this.doubtful = (BitSet) doubtful.clone();
    for (int i = 0; i < reading.length; i++) {
      reading[i] = new Object();
    }
  }

  /// Whether one of them holds something else than when the build began. Looks at sources that may.
  boolean haveNews(int[] references) throws IOException {
    boolean any = false;
    for (int reference : references) {
      var _ = content(reference);
      synchronized (news) {
        any |= news.get(reference);
      }
    }
    return any;
  }

  /// What an input holds; whoever makes it is done.
  Content content(int reference) throws IOException {
    int number = Plan.number(reference);
    Content content = Plan.isOutput(reference) ? state.output(number) : source(number);
    if (content == null) {
      throw new IllegalStateException("not made yet: " + plan.artifact(reference));
    }
    return content;
  }

  private @Nullable Content source(int source) throws IOException {
    if (!isDoubtful(source)) {
      return state.source(source);
    }
    synchronized (reading[source % reading.length]) {
      if (isDoubtful(source)) {
        readSource(source, sources.content(plan.source(source).path()));
      }
    }
    return state.source(source);
  }

  private boolean isDoubtful(int source) {
    synchronized (doubtful) {
      return doubtful.get(source);
    }
  }

  private void readSource(int source, Content content) {
    if (state.setSource(source, content)) {
      noteNews(Plan.sourceReference(source));
    }
    synchronized (doubtful) {
      doubtful.clear(source);
    }
  }

  /// Sources that may hold something else than the state says, for nobody has looked at them.
  BitSet unread() {
    synchronized (doubtful) {
      return (BitSet) doubtful.clone();
    }
  }

  /// Takes sources into the store again, after a blob of one was lost.
  void restoreSources(int[] references) throws IOException {
    for (int reference : references) {
      if (!Plan.isOutput(reference)) {
        int source = Plan.number(reference);
        readSource(source, sources.restore(plan.source(source).path()));
      }
    }
  }

  /// The inputs of `action`, in declared order.
  Map<Artifact, Content> inputs(Action action, int[] references) throws IOException {
    Map<Artifact, Content> inputs = LinkedHashMap.newLinkedHashMap(references.length);
    for (int i = 0; i < references.length; i++) {
      inputs.put(action.inputs().get(i), content(references[i]));
    }
    return inputs;
  }

  /// What the outputs of an action hold, in declared order; null when one of them has never been
  /// made.
  @Nullable List<Content> outputs(int action) {
    List<Content> contents = new ArrayList<>();
    for (int o = plan.firstOutput(action); o < plan.firstOutput(action + 1); o++) {
      Content content = state.output(o);
      if (content == null) {
        return null;
      }
      contents.add(content);
    }
    return contents;
  }

  /// Notes what an action made.
  void made(int action, Digest key, List<Content> contents) {
    int first = plan.firstOutput(action);
    for (int i = 0; i < contents.size(); i++) {
      if (!contents.get(i).equals(state.output(first + i))) {
        noteNews(Plan.outputReference(first + i));
      }
    }
    state.setResult(action, key, contents);
  }

  private void noteNews(int reference) {
    synchronized (news) {
      news.set(reference);
    }
  }
}
