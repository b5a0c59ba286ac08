package com.example.release;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.engine.exec.Factor.HOME;
import static dev.athanor.engine.exec.Factor.LOCALE;
import static dev.athanor.engine.exec.Factor.TIME_ZONE;
import static dev.athanor.testing.Determinism.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.testing.Athanor;
import dev.athanor.testing.AthanorWorkspace;
import dev.athanor.testing.AthanorWorkspace.Place;
import org.junit.jupiter.api.Test;

@AthanorWorkspace("examples/determinism")
class DeterminismTest {
  @Test
  void archive_isDeterministic(Athanor athanor) {
    assertThat(athanor.target("//:archive")).isDeterministic();
  }

  @Test
  void archive_dependsOnNeitherPlaceNorTongue(Athanor athanor) {
    assertThat(athanor.action("//:archive")).producesSameOutputsUnder(TIME_ZONE, LOCALE, HOME);
  }

  @Test
  @AthanorWorkspace(value = "examples/determinism", in = Place.MEMORY)
  void image_isDeterministic(Athanor athanor) {
    assertThat(athanor.target("//:image")).isDeterministic();
  }

  @Test
  void image_isTheSameEverywhere(
      Athanor here,
      @AthanorWorkspace(value = "examples/determinism", in = Place.MEMORY) Athanor inMemory) {
    assertThat(here.target("//:image")).producesSameOutputsAs(inMemory.target("//:image"));
  }

  /// How a flaw is found: this writes down a time as the clock on the wall shows it.
  @Test
  void flaw_isFoundAndNamed(Athanor athanor) {
    athanor.file(
        "flawed/BUILD",
        """
        genrule(
            name = "notes",
            outs = ["notes.txt"],
            cmd = "date -d @1700000000 '+released %F %R' > $@",
        )
        """);

    AssertionError found =
        assertThrows(
            AssertionError.class,
            () -> assertThat(athanor.action("//flawed:notes")).isDeterministic());

    assertThat(found).hasMessageThat().contains("depends on the time zone");
    assertThat(found).hasMessageThat().contains("released 2023-11-14 22:13 → released 2023-11-15");
    assertThat(found).hasMessageThat().contains("hint: print and read times in UTC");
  }

  @Test
  void whatIsBuiltOnce_isNotBuiltAgain(Athanor athanor) {
    String before = athanor.build("//:archive").output("docs.tar.gz").digest();
    assertThat(athanor.target("//:archive")).isUpToDate();

    athanor.file("docs/guide.txt", "How to use it, once more.\n");

    assertThat(athanor.build("//:archive").output("docs.tar.gz").digest()).isNotEqualTo(before);
  }

  @Test
  void missingDocument_isAnError(Athanor athanor) {
    athanor.file("more/BUILD", "files(name = 'more', sources = ['gone.txt'])");

    assertThat(athanor.target("//more")).failsToBuildThat().contains("gone.txt");
  }
}
