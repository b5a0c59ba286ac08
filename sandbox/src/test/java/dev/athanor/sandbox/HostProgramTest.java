package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostProgramTest {
  private static final byte[] LINE = "a line\n".getBytes(StandardCharsets.UTF_8);

  private static HostProgram.Ended shell(String script, HostProgram.Input input)
      throws IOException, InterruptedException {
    return HostProgram.run(
        List.of("/bin/sh", "-c", script), Map.of("PATH", "/usr/bin:/bin", "A", "1"), input);
  }

  @Test
  void run_givesInputAndEnvironment_andTellsAll() throws IOException, InterruptedException {
    HostProgram.Ended ended = shell("cat; echo $A$HOME; echo no >&2; exit 3", in -> in.write(LINE));

    assertThat(ended).isEqualTo(new HostProgram.Ended(3, "a line\n1\n", "no\n"));
    assertThat(ended.success()).isFalse();
  }

  @Test
  void run_muchOutputAndInput_doNotWaitForEachOther() throws IOException, InterruptedException {
    byte[] much = new byte[3_000_000];
    HostProgram.Ended ended = shell("head -c 500000 /dev/zero >&2; wc -c", in -> in.write(much));

    assertThat(ended.out().strip()).isEqualTo("3000000");
    assertThat(ended.err()).hasLength(500_000);
  }

  @Test
  void run_outOfPatience_hasFailed() throws IOException, InterruptedException {
    HostProgram.Ended ended =
        HostProgram.run(
            List.of("/bin/sh", "-c", "sleep 60"),
            Map.of("PATH", "/usr/bin:/bin"),
            HostProgram.Input.NONE,
            Duration.ofMillis(200));

    assertThat(ended.success()).isFalse();
    assertThat(ended.err()).contains("no answer for");
  }

  @Test
  void run_programThatDoesNotRead_saysSoByItsExitCode() throws IOException, InterruptedException {
    HostProgram.Ended ended =
        shell(
            "exec 0<&-; exit 4",
            in -> {
              for (int i = 0; i < 100_000; i++) {
                in.write(LINE);
              }
            });

    assertThat(ended.code()).isEqualTo(4);
  }

  @Test
  void run_inputThatFails_isNotTakenForWhole() {
    IOException failure =
        assertThrows(
            IOException.class,
            () ->
                shell(
                    "cat",
                    in -> {
                      in.write(LINE);
                      throw new IOException("lost");
                    }));

    assertThat(failure).hasMessageThat().isEqualTo("lost");
  }

  @Test
  void find_looksAlongThePathThatIsGiven(@TempDir Path temp) throws IOException {
    Path program = Files.writeString(temp.resolve("tool"), "#!/bin/sh\n");
    Map<String, String> env = Map.of("PATH", "relative::/nonexistent:" + temp);

    assertThat(HostProgram.find("tool", env)).isEmpty();
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(HostProgram.find("tool", env)).hasValue(program);
    assertThat(HostProgram.find("tool", Map.of())).isEmpty();
  }
}
