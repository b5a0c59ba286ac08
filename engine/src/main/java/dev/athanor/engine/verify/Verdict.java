package dev.athanor.engine.verify;

import dev.athanor.engine.exec.Factor;
import java.util.List;
import java.util.Set;

/// What is known of how an action's outputs depend on circumstances.
public sealed interface Verdict {
  /// What was looked at; nothing where nobody looked.
  default Set<Factor> varied() {
    return Set.of();
  }

  /// What the action could depend on and nobody could change here.
  default Set<Factor> notVaried() {
    return Set.of();
  }

  /// They are the same whatever of `varied` is otherwise.
  ///
  /// @param notVaried what nobody could change here
  /// @param known whether that was found out earlier
  record Stable(Set<Factor> varied, Set<Factor> notVaried, boolean known) implements Verdict {
    public Stable {
      varied = Factor.setOf(varied);
      notVaried = Factor.setOf(notVaried);
    }
  }

  /// They are not.
  ///
  /// @param causes at least one
  record Unstable(Set<Factor> varied, Set<Factor> notVaried, List<Cause> causes)
      implements Verdict {
    public Unstable {
      varied = Factor.setOf(varied);
      notVaried = Factor.setOf(notVaried);
      causes = List.copyOf(causes);
    }
  }

  /// Nobody knows.
  ///
  /// @param reason why, for people
  /// @param broken whether somebody looked, and could not find out
  /// @param notVaried what was to be varied, where that was the reason
  record NotVerified(String reason, boolean broken, Set<Factor> notVaried) implements Verdict {
    public NotVerified {
      notVaried = Factor.setOf(notVaried);
    }

    NotVerified(String reason) {
      this(reason, false, Set.of());
    }
  }
}
