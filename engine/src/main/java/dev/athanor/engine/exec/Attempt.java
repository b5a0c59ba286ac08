package dev.athanor.engine.exec;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionKey;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One action of a build on its way to an outcome: first a look at what is known, then a run.
final class Attempt {
  private final Build build;

  /// Of the action in the plan.
  private final int number;

  private final int[] references;

  private @Nullable Digest key;

  Attempt(Build build, int number) {
    this.build = build;
    this.number = number;
    this.references = build.plan.inputs(number);
  }

  /// The outcome, if it can be told without running anything.
  Optional<Outcome> lookUp() throws IOException {
    if (!build.plan.isCacheable(number) || build.afresh.get(number)) {
      return Optional.empty();
    }
    if (build.state.isValid(number) && !build.contents.haveNews(references)) {
      return Optional.of(new Outcome.UpToDate());
    }
    Action action = build.plan.action(number);
    Digest key = ActionKey.of(action, build.contents.inputs(action, references)).digest();
    this.key = key;
    if (key.equals(build.state.key(number)) && build.contents.outputs(number) != null) {
      build.state.setValid(number, true);
      return Optional.of(new Outcome.UpToDate());
    }
    Optional<ActionResult> hit = build.scheduler.cache.get(key);
    if (hit.isEmpty()
        || !build.scheduler.isWhole(action, hit.get())
        || !build.scheduler.runner.accepts(hit.get())) {
      return Optional.empty();
    }
    note(action, remembered(key, hit.get()), hit.get());
    build.state.setValid(number, hit.get().hermetic());
    return Optional.of(new Outcome.CacheHit(key, hit.get()));
  }

  /// The key that was looked up in vain; nothing when the action runs whatever is known of it.
  Optional<Digest> missed() {
    return Optional.ofNullable(key);
  }

  /// Runs the action, whatever is known of it.
  Outcome run() throws IOException, InterruptedException {
    Action action = build.plan.action(number);
    Map<Artifact, Content> inputs = build.contents.inputs(action, references);
    ActionKey full = ActionKey.of(action, inputs);
    Digest key = full.digest();
    build.scheduler.events.post(new BuildEvent.ActionStarted(number, action, build.sinceBegin()));
    long start = System.nanoTime();
    ActionRunner.Ran ran =
        build.scheduler.runner.run(number, action, key, inputs, build.scheduler.events);
    Duration wall = Duration.ofNanos(System.nanoTime() - start);
    return switch (ran) {
      case ActionRunner.Ran.Success(var result, var attempts, var memory, var vouched) -> {
        // What succeeds only sometimes is not to be taken for done: the empty digest is no key.
        boolean steady = attempts == 1;
        boolean cacheable = build.plan.isCacheable(number) && steady;
        if (cacheable) {
          build.scheduler.cache.put(key, result);
          if (vouched) {
            build.scheduler.cache.share(full, result);
          }
        } else if (!steady) {
          build.scheduler.cache.remove(key);
        }
        note(action, steady ? remembered(key, result) : Digest.EMPTY, result);
        build.state.setRun(
            number, (int) Math.max(1, wall.toMillis()), (int) (memory / Action.Needs.MEBIBYTE));
        build.state.setValid(number, cacheable && result.hermetic());
        yield new Outcome.Executed(key, result, wall, attempts);
      }
      case ActionRunner.Ran.Failure(var failed) -> {
        // It may have succeeded before; that is not to be taken for true any longer.
        build.scheduler.cache.remove(key);
        if (key.equals(build.state.key(number))) {
          build.state.forget(number);
        }
        yield failed;
      }
    };
  }

  /// The key by which the next build takes the result for done. None, which the empty digest stands
  /// for, when that build may be able to make a hermetic one: it has to ask the cache again.
  private static Digest remembered(Digest key, ActionResult result) {
    return result.hermetic() ? key : Digest.EMPTY;
  }

  private void note(Action action, Digest key, ActionResult result) {
    List<Content> contents =
        action.outputs().stream()
            .map(output -> Objects.requireNonNull(result.outputs().get(output.path())))
            .toList();
    build.contents.made(number, key, contents);
  }
}
