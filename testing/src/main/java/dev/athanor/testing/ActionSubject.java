package dev.athanor.testing;

import static com.google.common.truth.Fact.fact;

import com.google.common.truth.Fact;
import com.google.common.truth.FailureMetadata;
import com.google.common.truth.Subject;
import dev.athanor.engine.exec.Factor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What may be held of one action. Every assertion builds its target, from the files as they are
/// then.
public final class ActionSubject extends Subject {
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

  /// It makes the same outputs whatever of its circumstances is varied. What cannot be varied here
  /// is let be, unless nothing can.
  public void isDeterministic() {
    check(Asked.ALL, "expected to be deterministic");
  }

  /// It makes the same outputs whatever these are. A factor that cannot be varied here is a
  /// failure: nobody could tell.
  public void producesSameOutputsUnder(Factor first, Factor... more) {
    Asked asked = Asked.of(first, more);
    check(asked, "expected the same outputs under any " + Verification.ids(asked.factors()));
  }

  private void check(Asked asked, String expected) {
    List<Fact> facts = Findings.against(action().verify(asked), expected, action().toString());
    if (!facts.isEmpty()) {
      failWithoutActual(facts.getFirst(), facts.subList(1, facts.size()).toArray(new Fact[0]));
    }
  }

  private TargetAction action() {
    return Objects.requireNonNull(actual, "the action");
  }
}
