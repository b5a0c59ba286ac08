package dev.athanor.testing;

import static com.google.common.truth.Fact.fact;

import com.google.common.truth.Fact;
import java.util.ArrayList;
import java.util.List;

/// Failures of assertions about verifications.
final class Findings {
  private Findings() {}

  /// What is to be told, beginning with what was expected; nothing when all is well.
  static List<Fact> against(Verification verification, String expected, String what) {
    List<Fact> facts = new ArrayList<>();
    if (!verification.differing().isEmpty()) {
      facts.add(fact("but found", String.join("\n", verification.differing())));
    }
    if (!verification.gaps().isEmpty()) {
      facts.add(fact("but could not tell", String.join("\n", verification.gaps())));
    }
    if (!facts.isEmpty()) {
      facts.addFirst(fact(expected, what));
      facts.add(fact("varied", Verification.ids(verification.varied())));
      facts.add(fact("not varied", Verification.ids(verification.notVaried())));
    }
    return facts;
  }
}
