package dev.athanor.remote;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.digest.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class BreakerTest {
  private final RemoteException trouble = RemoteException.trouble("slow", null);

  private final List<RemoteException> reasons = new ArrayList<>();
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1000);
  private final Breaker breaker = new Breaker(reasons::add, clock::get);

  @Test
  void threeFailuresInARow_areEnough() {
    breaker.failed(trouble);
    breaker.failed(trouble);
    breaker.succeeded();
    breaker.failed(trouble);
    breaker.failed(trouble);
    assertThat(breaker.admits()).isTrue();

    breaker.failed(trouble);

    assertThat(breaker.admits()).isFalse();
    assertThat(reasons).containsExactly(trouble);
  }

  @Test
  void aRefusal_isEnough() {
    RemoteException refused = RemoteException.hopeless("PERMISSION_DENIED", null);

    breaker.failed(refused);
    breaker.failed(refused);

    assertThat(breaker.admits()).isFalse();
    assertThat(reasons).containsExactly(refused);
  }

  @Test
  void afterARest_oneMayTry() {
    breaker.failed(RemoteException.hopeless("no", null));
    clock.addAndGet(TimeUnit.SECONDS.toNanos(31));

    assertThat(breaker.admits()).isTrue();
    assertThat(breaker.admits()).isFalse();

    breaker.succeeded();
    assertThat(breaker.admits()).isTrue();
  }

  @Test
  void aCacheThatTakesNothing_canBeRead() throws Exception {
    MemoryRemote remote = new MemoryRemote();
    List<String> notices = new ArrayList<>();
    GuardedCache guarded = new GuardedCache(() -> remote, "grpc://cache", notices::add);
    remote.fault =
        call -> {
          if (call.equals("write")) {
            throw RemoteException.hopeless("PERMISSION_DENIED", null);
          }
        };

    assertThrows(RemoteException.class, () -> guarded.write(Set.of(Digest.EMPTY), remote.blobs));
    assertThrows(RemoteException.class, () -> guarded.write(Set.of(Digest.EMPTY), remote.blobs));

    assertThat(guarded.result(Digest.EMPTY)).isEmpty();
    assertThat(remote.calls.get()).isEqualTo(2);
    assertThat(notices)
        .containsExactly(
            "warning: nothing is uploaded to the remote cache grpc://cache: PERMISSION_DENIED");
  }
}
