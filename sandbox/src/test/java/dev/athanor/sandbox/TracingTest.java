package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.exec.Exit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TracingTest {
  private static Tracing.Probe exits(int code) {
    return () -> new Exit(new Exit.Cause.Code(code), Duration.ZERO, 0);
  }

  private static Tracing.Probe fails(int errno) {
    return () -> {
      throw new IOException("following", new SyscallException("ptrace", errno));
    };
  }

  private static Tracing trying(Tracing.Probe... probes) {
    Deque<Tracing.Probe> left = new ArrayDeque<>(List.of(probes));
    return new Tracing(() -> left.removeFirst().run());
  }

  @Test
  void success_isRemembered() {
    Tracing tracing = trying(exits(0));

    assertThat(tracing.possible()).isTrue();
    assertThat(tracing.possible()).isTrue();
  }

  @Test
  void refusal_isRemembered() {
    Tracing tracing = trying(fails(SyscallException.EPERM));

    assertThat(tracing.possible()).isFalse();
    assertThat(tracing.possible()).isFalse();
  }

  @Test
  void otherFailure_isTriedAgain() {
    Tracing tracing = trying(fails(SyscallException.EAGAIN), exits(1), exits(0));

    assertThat(tracing.possible()).isFalse();
    assertThat(tracing.possible()).isFalse();
    assertThat(tracing.possible()).isTrue();
  }
}
