package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.UserException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SandboxesTest {
  @TempDir Path dir;

  @Test
  void choose_plain_isPlain() throws Exception {
    Sandboxes.Choice choice = Sandboxes.choose("plain", dir);

    assertThat(choice.sandbox().name()).isEqualTo("plain");
    assertThat(choice.sandbox().hermetic()).isFalse();
  }

  @Test
  void choose_unknown_namesTheKnown() {
    UserException e = assertThrows(UserException.class, () -> Sandboxes.choose("jail", dir));

    assertThat(e).hasMessageThat().contains("'jail'");
  }
}
