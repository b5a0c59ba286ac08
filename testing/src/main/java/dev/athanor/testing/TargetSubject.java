package dev.athanor.testing;

import static com.google.common.truth.Fact.fact;

import com.google.common.truth.FailureMetadata;
import com.google.common.truth.StringSubject;
import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.verify.FindingText;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What may be held of a target. Every assertion builds it, from the files as they are then.
public final class TargetSubject extends VerifiedSubject {
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

  @Override
  Verification verify(Asked asked) {
    return target().verify(asked);
  }

  @Override
  String called() {
    return target().toString();
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

  private Target target() {
    return Objects.requireNonNull(actual, "the target");
  }
}
