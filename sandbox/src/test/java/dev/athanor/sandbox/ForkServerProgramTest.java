package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ForkServerProgramTest {
  /// Guests lie behind it.
  @ParameterizedTest
  @EnumSource(Arch.class)
  void program_endsBeforeItsGuests(Arch arch) throws Exception {
    ForkServerProgram server = ForkServerProgram.of(Seccomp.filter(arch, 0x1234_5678_9abc_def0L));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Program.GUEST, 8);

      server.program().write(memory, arch, 1);

      assertThat(server.program().toString()).contains("seccomp(1, 4, <");
    }
  }
}
