package dev.athanor.testing;

import static com.google.common.truth.Fact.fact;

import com.google.common.truth.FailureMetadata;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What may be held of one action. Every assertion builds its target, from the files as they are
/// then.
public final class ActionSubject extends VerifiedSubject {
  private final @Nullable TargetAction actual;

  ActionSubject(FailureMetadata metadata, @Nullable TargetAction actual) {
    super(metadata, actual);
    this.actual = actual;
  }

  /// It does not have to run: what it makes is known.
  public void isUpToDate() {
    Build build = action().build();
    if (build.executed(action().number(build.plan()))) {
      failWithoutActual(fact("expected to be up to date", action()), fact("but", "it ran"));
    }
  }

  @Override
  Verification verify(Asked asked) {
    return action().verify(asked);
  }

  @Override
  String called() {
    return action().toString();
  }

  private TargetAction action() {
    return Objects.requireNonNull(actual, "the action");
  }
}
