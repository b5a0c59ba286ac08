package dev.athanor.testing;

import com.google.common.truth.Subject;
import com.google.common.truth.Truth;

/// Where assertions begin: `assertThat(athanor.target("//app:image")).isDeterministic()`.
public final class Determinism {
  private Determinism() {}

  public static TargetSubject assertThat(Target target) {
    return Truth.assertAbout(targets()).that(target);
  }

  public static ActionSubject assertThat(TargetAction action) {
    return Truth.assertAbout(actions()).that(action);
  }

  /// For `assertWithMessage(...).about(targets()).that(...)`, and for `expect`.
  public static Subject.Factory<TargetSubject, Target> targets() {
    return TargetSubject::new;
  }

  /// For `assertWithMessage(...).about(actions()).that(...)`, and for `expect`.
  public static Subject.Factory<ActionSubject, TargetAction> actions() {
    return ActionSubject::new;
  }
}
