package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.exec.Factor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TracedCallTest {
  /// What a filter says to a call, as the kernel would find it out.
  private static int verdict(ByteBuffer filter, Arch arch, int number, long... arguments) {
    ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
    data.putInt(0, number).putInt(4, SeccompFilter.auditArchitecture(arch));
    for (int i = 0; i < arguments.length; i++) {
      data.putLong(16 + 8 * i, arguments[i]);
    }
    int loaded = 0;
    for (int at = 0; ; at += 8) {
      int value = filter.getInt(at + 4);
      boolean holds;
      switch (filter.getShort(at)) {
        case 0x20 -> {
          loaded = data.getInt(value);
          continue;
        }
        case 0x15 -> holds = loaded == value;
        case 0x35 -> holds = Integer.compareUnsigned(loaded, value) >= 0;
        case 0x45 -> holds = (loaded & value) != 0;
        case 0x06 -> {
          return value;
        }
        default -> throw new AssertionError("at " + at);
      }
      at += 8 * filter.get(at + (holds ? 2 : 3));
    }
  }

  @ParameterizedTest
  @EnumSource
  void filter_stopsAtThoseOfTheFactorsOnly(Arch arch) {
    ByteBuffer filter = TracedCall.filter(arch, Factor.FOLLOWED);
    ByteBuffer kernel = TracedCall.filter(arch, Set.of(Factor.KERNEL));

    int deadline = 0x109; // A futex's operation with one by the real-time clock.
    TracedCall.of(arch, Factor.FOLLOWED)
        .forEach((number, call) -> {
          assertThat(verdict(filter, arch, number, 0, deadline)).isEqualTo(SeccompFilter.TRACE);
          assertThat(verdict(kernel, arch, number, 0, deadline))
              .isEqualTo(call == TracedCall.UNAME ? SeccompFilter.TRACE : SeccompFilter.ALLOW);
        });
    for (Syscall call : Syscall.values()) {
      boolean traced = TracedCall.of(arch, Factor.FOLLOWED).containsKey(call.number(arch));
      if (!traced) {
        assertThat(verdict(filter, arch, call.number(arch))).isEqualTo(SeccompFilter.ALLOW);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void clocks_thatAreNotOfTheDay_areTheKernels(Arch arch) {
    ByteBuffer filter = TracedCall.filter(arch, Set.of(Factor.TIME));
    int number = arch == Arch.X86_64 ? 228 : 113;

    assertThat(verdict(filter, arch, number, 0)).isEqualTo(SeccompFilter.TRACE);
    assertThat(verdict(filter, arch, number, 5)).isEqualTo(SeccompFilter.TRACE);
    assertThat(verdict(filter, arch, number, 11)).isEqualTo(SeccompFilter.TRACE);
    assertThat(verdict(filter, arch, number, 1)).isEqualTo(SeccompFilter.ALLOW);
    assertThat(verdict(filter, arch, number, 7)).isEqualTo(SeccompFilter.ALLOW);
  }

  @ParameterizedTest
  @EnumSource
  void theFilterOfAll_refusesAsEver(Arch arch) {
    ByteBuffer filter = Seccomp.filter(arch, 0x1234_5678_9abc_def0L);
    int eperm = 0x00050001;
    int mount = Syscall.MOUNT.number(arch);
    int ioctl = Syscall.IOCTL.number(arch);

    assertThat(verdict(filter, arch, mount)).isEqualTo(eperm);
    assertThat(verdict(filter, arch, mount, 0, 0, 0, 0, 0, 0x1234_5678_9abc_def0L))
        .isEqualTo(SeccompFilter.ALLOW);
    assertThat(verdict(filter, arch, mount, 0, 0, 0, 0, 0, 0x1234_5678_9abc_def1L))
        .isEqualTo(eperm);
    assertThat(verdict(filter, arch, ioctl, 0, 0x5412)).isEqualTo(eperm);
    assertThat(verdict(filter, arch, ioctl, 0, 0x541c)).isEqualTo(eperm);
    assertThat(verdict(filter, arch, ioctl, 0, 0x5401)).isEqualTo(SeccompFilter.ALLOW);
    assertThat(verdict(filter, arch, Syscall.CLONE.number(arch), 0x10000000)).isEqualTo(eperm);
    assertThat(verdict(filter, arch, Syscall.CLONE.number(arch), 17))
        .isEqualTo(SeccompFilter.ALLOW);
    assertThat(verdict(filter, arch, Syscall.CLONE3.number(arch))).isEqualTo(SeccompFilter.ABSENT);
  }
}
