package dev.athanor.engine.verify;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.label.Label;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FindingTextTest {
  private static Difference difference(String before, String after) {
    return new Difference(List.of("x.gz", "gzip"), Difference.Aspect.TEXT, before, after);
  }

  private static Verified verified(Verdict verdict) {
    return new Verified(
        0, Label.parseAbsolute("//:x"), "genrule //:x", "out/x.gz", verdict, 2, Duration.ZERO);
  }

  @Test
  void cause_hasReasonDifferencesAndHints() {
    Cause cause =
        new Cause(
            Cause.Kind.CIRCUMSTANCE,
            Set.of(Factor.UMASK),
            List.of(difference("a", "b"), difference("", "c"), difference("d\ne", "f")));

    Verified unstable = verified(new Verdict.Unstable(Set.of(), Set.of(), List.of(cause)));

    assertThat(FindingText.of(unstable))
        .containsExactly(
            "not deterministic: genrule //:x (out/x.gz)",
            "  depends on the umask",
            "    x.gz › gzip: a → b",
            "    x.gz › gzip: (none) → c",
            "    x.gz › gzip:",
            "      - d",
            "      - e",
            "      + f",
            "  hint: set modes explicitly: umask 022 or chmod before packing, tar --mode=")
        .inOrder();
  }

  @Test
  void ofManyDifferences_theFirstAreTold() {
    List<String> lines = FindingText.of(Collections.nCopies(10, difference("a", "b")));

    assertThat(lines).hasSize(9);
    assertThat(lines.getLast()).isEqualTo("    and 2 more differences");
  }

  @Test
  void whatCannotBeVaried_isCounted() {
    Verified one = verified(new Verdict.Stable(Set.of(), Set.of(Factor.TIME), false));
    Verified two = verified(new Verdict.Stable(Set.of(), Set.of(Factor.TIME, Factor.USER), false));
    Verified none = verified(new Verdict.NotVerified("for want of time"));

    assertThat(FindingText.of(one)).isEmpty();
    assertThat(FindingText.notVaried(List.of(one, two, none)))
        .hasValue("not varied, because the sandbox cannot: time (2 actions), user (1 action)");
    assertThat(FindingText.notVaried(List.of(none))).isEmpty();
  }
}
