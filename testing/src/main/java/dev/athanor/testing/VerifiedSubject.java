package dev.athanor.testing;

import com.google.common.truth.Fact;
import com.google.common.truth.FailureMetadata;
import com.google.common.truth.Subject;
import dev.athanor.engine.exec.Factor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What may be held of whatever can be run again.
abstract class VerifiedSubject extends Subject {
  VerifiedSubject(FailureMetadata metadata, @Nullable Object actual) {
    super(metadata, actual);
  }

  /// Runs it again.
  abstract Verification verify(Asked asked);

  /// What it is called.
  abstract String called();

  /// Each action makes the same outputs whatever of its circumstances is varied. What cannot be
  /// varied here is let be, unless nothing can.
  public void isDeterministic() {
    check(Asked.ALL, "expected to be deterministic");
  }

  /// Each action makes the same outputs whatever these are. A factor that cannot be varied here is
  /// a failure: nobody could tell.
  public void producesSameOutputsUnder(Factor first, Factor... more) {
    Asked asked = Asked.of(first, more);
    check(asked, "expected the same outputs under any " + Verification.ids(asked.factors()));
  }

  private void check(Asked asked, String expected) {
    List<Fact> facts = Findings.against(verify(asked), expected, called());
    if (!facts.isEmpty()) {
      failWithoutActual(facts.getFirst(), facts.subList(1, facts.size()).toArray(new Fact[0]));
    }
  }
}
