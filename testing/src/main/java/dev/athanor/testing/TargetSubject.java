package dev.athanor.testing;

import static com.google.common.truth.Fact.fact;

import com.google.common.truth.Fact;
import com.google.common.truth.FailureMetadata;
import com.google.common.truth.StringSubject;
import com.google.common.truth.Subject;
import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.verify.FindingText;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What may be held of a target. Every assertion builds it, from the files as they are then.
public final class TargetSubject extends Subject {
  private final @Nullable Target actual;

  TargetSubject(FailureMetadata metadata, @Nullable Target actual) {
    super(metadata, actual);
    this.actual = actual;
  }

  /// It can be built.
  public void builds() {
    try {
      var _ = target().build();
    } catch (BuildFailed e) {
      failWithoutActual(fact("expected to build", target()), fact("but failed", e.getMessage()));
    }
  }

  /// It cannot be built; what is said of that is to be looked at. This holds messages, hints and
  /// what commands print.
  public StringSubject failsToBuildThat() {
    String message = "";
    try {
      var _ = target().build();
      failWithoutActual(fact("expected not to build", target()), fact("but", "it builds"));
    } catch (BuildFailed e) {
      message = String.valueOf(e.getMessage());
    }
    return check("failure").that(message);
  }

  /// Nothing has to run to build it: everything is known.
  public void isUpToDate() {
    Build build = target().build();
    if (!build.executed().isEmpty()) {
      failWithoutActual(
          fact("expected to be up to date", target()),
          fact("but these actions ran", String.join("\n", build.executed())));
    }
  }

  /// Each action that it takes makes the same outputs whatever of its circumstances is varied. What
  /// cannot be varied here is let be, unless nothing can.
  public void isDeterministic() {
    check(Asked.ALL, "expected to be deterministic");
  }

  /// Each action that it takes makes the same outputs whatever these are. A factor that cannot be
  /// varied here is a failure: nobody could tell.
  public void producesSameOutputsUnder(Factor first, Factor... more) {
    Asked asked = Asked.of(first, more);
    check(asked, "expected the same outputs under any " + Verification.ids(asked.factors()));
  }

  private void check(Asked asked, String expected) {
    List<Fact> facts = Findings.against(target().verify(asked), expected, target().toString());
    fail(facts);
  }

  /// It makes what another target makes, at the same paths; as a rule, one of another workspace.
  public void producesSameOutputsAs(Target other) {
    List<Difference> differences = target().differences(other);
    if (!differences.isEmpty()) {
      failWithoutActual(
          fact("expected the same outputs of", target() + " in " + target().athanor()),
          fact("and of", other + " in " + other.athanor()),
          fact("but they differ", String.join("\n", FindingText.of(differences))));
    }
  }

  private void fail(List<Fact> facts) {
    if (!facts.isEmpty()) {
      failWithoutActual(facts.getFirst(), facts.subList(1, facts.size()).toArray(new Fact[0]));
    }
  }

  private Target target() {
    return Objects.requireNonNull(actual, "the target");
  }
}
