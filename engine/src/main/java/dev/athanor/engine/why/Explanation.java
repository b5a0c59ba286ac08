package dev.athanor.engine.why;

import java.util.List;

/// What becomes, or became, of an action, and why.
///
/// @param action for people, such as `genrule //app:lib`
/// @param output the path that names it
/// @param causes empty when it need not run
public record Explanation(String action, String output, Verdict verdict, List<Cause> causes) {
  public Explanation {
    causes = List.copyOf(causes);
  }

  /// What becomes, or became, of the action.
  public enum Verdict {
    /// It ran in the build that is explained.
    RAN,
    /// It was looked up there: its key is another one, and the cache had the result.
    CACHED,
    /// Nothing that it depends on has changed.
    UP_TO_DATE,
    /// It failed there, or was not brought to its end.
    UNFINISHED,
    /// It would be looked up, and run if the cache has no result, were it built now.
    OUTDATED
  }
}
