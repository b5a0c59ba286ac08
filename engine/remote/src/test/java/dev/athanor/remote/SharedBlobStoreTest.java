package dev.athanor.remote;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SharedBlobStoreTest {
  private final MemoryBlobStore near = new MemoryBlobStore();
  private final MemoryRemote remote = new MemoryRemote();
  private final Traffic traffic = new Traffic();
  private final SharedBlobStore store = new SharedBlobStore(near, remote, traffic);

  private Digest there(String text) throws IOException {
    return remote.blobs.put(text.getBytes(UTF_8));
  }

  @Test
  void whatIsThere_isContainedAndComesWhenItIsRead() throws IOException {
    Digest digest = there("far away");

    assertThat(store.contains(digest)).isTrue();
    assertThat(store.isNear(digest)).isFalse();
    assertThat(new String(store.read(digest), UTF_8)).isEqualTo("far away");
    assertThat(store.isNear(digest)).isTrue();
    assertThat(traffic.downloadedBytes()).isEqualTo(8);
  }

  @Test
  void whatIsNear_causesNoCall() throws IOException {
    Digest digest = near.put("here".getBytes(UTF_8));

    assertThat(store.contains(digest)).isTrue();
    assertThat(store.read(digest)).hasLength(4);
    store.bring(List.of(digest));

    assertThat(remote.calls.get()).isEqualTo(0);
  }

  @Test
  void whatIsNowhere_isMissing() throws IOException {
    Digest digest = new Digest(there("x").hash(), 7);

    assertThat(store.contains(digest)).isFalse();
    assertThrows(MissingBlobException.class, () -> store.read(digest));
  }

  @Test
  void whatItSaysItHasAndDoesNotGive_isMissingFromThenOn() throws IOException {
    Digest digest = there("denied");
    remote.denied.add(digest);
    assertThat(store.contains(digest)).isTrue();

    assertThrows(MissingBlobException.class, () -> store.read(digest));

    assertThat(store.contains(digest)).isFalse();
    assertThat(store.missing(Set.of(digest))).containsExactly(digest);
  }

  @Test
  void damagedBytes_areMissingAndNeverKept() throws IOException {
    Digest alone = there("damaged alone");
    Digest together = there("damaged together");
    remote.damaged.addAll(Set.of(alone, together));

    assertThrows(MissingBlobException.class, () -> store.read(alone));
    store.bring(List.of(together));

    assertThat(near.digests()).isEmpty();
    assertThat(store.contains(alone)).isFalse();
    assertThat(store.contains(together)).isFalse();
  }

  @Test
  void aCacheThatDoesNotAnswer_hasNothing() throws IOException {
    Digest digest = there("x");
    remote.fault =
        _ -> {
          throw RemoteException.trouble("gone", null);
        };

    assertThat(store.contains(digest)).isFalse();
    assertThrows(MissingBlobException.class, () -> store.read(digest));
    store.bring(List.of(digest));
    store.bringTree(digest);
  }

  @Test
  void aMachineThatFails_isNotTakenForTheCache() throws IOException {
    Digest digest = there("x");
    remote.fault =
        _ -> {
          throw new IOException("No space left on device");
        };

    IOException e = assertThrows(IOException.class, () -> store.read(digest));

    assertThat(e).hasMessageThat().isEqualTo("No space left on device");
  }

  @Test
  void bring_asksForSmallBlobsAtOnce() throws IOException {
    Set<Digest> digests = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      digests.add(there("blob " + i));
    }

    store.bring(digests);

    assertThat(near.missing(digests)).isEmpty();
    assertThat(remote.calls.get()).isEqualTo(1);
  }

  @Test
  void aTree_comesLevelByLevelWhereThereIsNoCallForIt() throws IOException {
    Content file = new Content.File(there("x"), false);
    InputRoot tree =
        InputRoot.of(Map.of(RelativePath.of("a/b/c"), file, RelativePath.of("d/e/f"), file));
    tree.store(remote.blobs);

    Set<Digest> needed = new HashSet<>();
    Trees.addBlobs(new Content.Tree(tree.digest()), store, needed);

    assertThat(needed).hasSize(6);
    // One for the call that it does not have, and one for each of three levels.
    assertThat(remote.calls.get()).isEqualTo(4);
  }

  @Test
  void manyThreads_askInFewCalls() throws Exception {
    List<Digest> digests =
        IntStream.range(0, 200)
            .mapToObj(i -> {
              try {
                return there("blob " + i);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            })
            .toList();
    CountDownLatch held = new CountDownLatch(1);
    remote.fault =
        _ -> {
          try {
            held.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        };
    List<Thread> threads =
        digests.stream()
            .map(digest ->
                Thread.startVirtualThread(() -> {
                  try {
                    assertThat(store.contains(digest)).isTrue();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                }))
            .toList();
    Thread.sleep(50);

    held.countDown();

    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(remote.calls.get()).isAtMost(20);
    assertThat(store.missing(digests)).isEmpty();
  }

  @Test
  void manyThreadsThatReadOneBlob_bringItOnce() throws Exception {
    Digest digest = there("wanted by all");
    List<Thread> threads =
        IntStream.range(0, 50)
            .mapToObj(_ ->
                Thread.startVirtualThread(() -> {
                  try {
                    assertThat(store.read(digest)).hasLength(13);
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(remote.calls.get()).isEqualTo(1);
  }
}
