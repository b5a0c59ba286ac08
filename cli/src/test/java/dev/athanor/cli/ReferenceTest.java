package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.testing.Golden;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ReferenceTest {
  /// A rule, function or flag without its sentence fails here as well.
  @Test
  void reference_isUpToDate() throws Exception {
    Golden.check(TestWorkspace.CHECKOUT.resolve("docs/reference.md"), Reference.markdown());
  }

  @Test
  void links_leadToHeadings() {
    String page = Reference.markdown();
    Markdown headings = new Markdown();

    Matcher links = Pattern.compile("\\[([^]]+)\\]\\(#[^)]+\\)").matcher(page);
    int count = 0;
    for (; links.find(); count++) {
      assertThat(page).containsMatch("(?m)^#+ " + Pattern.quote(links.group(1)) + "$");
      assertThat(links.group()).isEqualTo(headings.link(links.group(1)));
    }
    assertThat(count).isGreaterThan(10);
  }
}
