package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.sandbox.Rlimit.Ceilings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class RlimitTest {
  private static Ceilings ceilings(String processes) throws IOException {
    Path limits = Jimfs.newFileSystem(Configuration.unix()).getPath("/limits");
    return Ceilings.read(
        Files.writeString(
            limits,
            """
            Limit                     Soft Limit           Hard Limit           Units
            Max data size             unlimited            unlimited            bytes
            Max processes             %s                %s                processes
            """
                .formatted(processes, processes)));
  }

  /// Setting more than that would fail, and with it every command.
  @Test
  void processes_areNoMoreThanTheUserMayHave() throws IOException {
    Cgroups.Limit wanted = Cgroups.Limit.processes(8192);

    assertThat(Rlimit.instead(wanted, ceilings("7823")).hard()).isEqualTo(7823);
    assertThat(Rlimit.instead(wanted, ceilings("96000")).hard()).isEqualTo(wanted.value());
    assertThat(Rlimit.instead(wanted, ceilings("unlimited")).hard()).isEqualTo(wanted.value());
  }

  @Test
  void memory_isWhatWasAskedFor() throws IOException {
    assertThat(Rlimit.instead(Cgroups.Limit.memory(1000), ceilings("1")).soft()).isEqualTo(1000);
  }
}
