package dev.athanor.remote;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import build.bazel.remote.execution.v2.OutputFile;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionKey;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.testing.ConcatType;
import dev.athanor.engine.testing.MemoryActionCache;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class SharedActionCacheTest {
  private static final RelativePath OUT = RelativePath.of("out");

  private final MemoryRemote remote = new MemoryRemote();
  private final Machine here = new Machine(Trust.ALL);
  private final Machine elsewhere = new Machine(Trust.ALL);

  /// One of those that share.
  private final class Machine {
    private final MemoryBlobStore near = new MemoryBlobStore();
    private final MemoryActionCache results = new MemoryActionCache();
    private final Traffic traffic = new Traffic();
    private final SharedBlobStore blobs = new SharedBlobStore(near, remote, traffic);
    private final Uploads uploads;
    private final SharedActionCache cache;

    Machine(Trust trust) {
      uploads = new Uploads(near, remote, blobs, trust, traffic);
      cache = new SharedActionCache(results, remote, blobs, trust, Optional.of(uploads), traffic);
    }

    ActionResult makes(String text, boolean hermetic) throws IOException {
      Content made = new Content.File(near.put(text.getBytes(UTF_8)), false);
      return result(made, hermetic, Set.of());
    }
  }

  private static ActionResult result(Content made, boolean hermetic, Set<Digest> references) {
    return new ActionResult(
        new TreeMap<>(Map.of(OUT, made)), references, Digest.EMPTY, Digest.EMPTY, hermetic);
  }

  private static ActionKey key(String name) {
    Action action = new ConcatType().action(name, name);
    return ActionKey.of(action, Map.of());
  }

  @Test
  void whatOneMadeAndShares_theOtherHas() throws Exception {
    ActionKey key = key("a");
    ActionResult made = here.makes("text", true);

    here.cache.share(key, made);
    assertThat(here.uploads.drain(Duration.ofSeconds(10))).isEqualTo(0);

    assertThat(elsewhere.cache.get(key.digest())).isEqualTo(Optional.of(made));
    // Another build might trust others.
    assertThat(elsewhere.results.get(key.digest())).isEmpty();
    assertThat(elsewhere.near.digests()).isEmpty();
    assertThat(elsewhere.traffic.hits()).isEqualTo(1);
  }

  /// The Remote Execution API demands it, and people want to look at it.
  @Test
  void whatIsShared_comesWithActionAndCommand() throws Exception {
    ActionKey key = key("a");
    here.cache.share(key, here.makes("text", true));
    var _ = here.uploads.drain(Duration.ofSeconds(10));

    assertThat(remote.blobs.contains(key.digest())).isTrue();
    assertThat(remote.blobs.read(key.digest())).isEqualTo(key.action().toByteArray());
    assertThat(remote.blobs.digests()).contains(Digester.digest(key.command().toByteArray()));
  }

  @Test
  void treesAndReferences_goThereWhole() throws Exception {
    Digest file = here.near.put("in a tree".getBytes(UTF_8));
    Digest named = here.near.put("only named".getBytes(UTF_8));
    InputRoot tree = InputRoot.of(Map.of(RelativePath.of("d/f"), new Content.File(file, false)));
    tree.store(here.near);
    ActionResult made = result(new Content.Tree(tree.digest()), true, Set.of(named));

    here.cache.share(key("a"), made);
    var _ = here.uploads.drain(Duration.ofSeconds(10));

    assertThat(remote.blobs.digests()).containsAtLeast(file, named, tree.digest());
    assertThat(elsewhere.cache.get(key("a").digest())).isEqualTo(Optional.of(made));
  }

  @Test
  void whatAWeakSandboxMade_staysHere() throws Exception {
    here.cache.share(key("a"), here.makes("text", false));
    var _ = here.uploads.drain(Duration.ofSeconds(10));

    assertThat(remote.results).isEmpty();
    assertThat(remote.blobs.digests()).isEmpty();
  }

  @Test
  void whatSomebodyElseSharedOfAWeakSandbox_isAMiss() throws Exception {
    ActionKey key = key("a");
    remote.results.put(key.digest(), here.makes("text", false).toWire());

    assertThat(elsewhere.cache.get(key.digest())).isEmpty();
  }

  @Test
  void whatMakesNoSense_isAMiss() throws Exception {
    ActionKey key = key("a");
    var wire = here.makes("text", true).toWire();
    var bad = wire.toBuilder().addOutputFiles(OutputFile.newBuilder().setPath("../../etc/passwd"));

    remote.results.put(key.digest(), bad.build());
    assertThat(elsewhere.cache.get(key.digest())).isEmpty();
    remote.results.put(key.digest(), wire.toBuilder().setExitCode(1).build());
    assertThat(elsewhere.cache.get(key.digest())).isEmpty();
    remote.results.put(key.digest(), wire.toBuilder().clearOutputFiles().build());
    assertThat(elsewhere.cache.get(key.digest())).isEmpty();
    remote.results.put(key.digest(), wire);
    assertThat(elsewhere.cache.get(key.digest())).isPresent();
  }

  @Test
  void whatWasRefuted_doesNotComeBack() throws Exception {
    ActionKey key = key("a");
    remote.results.put(key.digest(), here.makes("text", true).toWire());
    assertThat(here.cache.get(key.digest())).isPresent();

    here.cache.remove(key.digest());

    assertThat(here.cache.get(key.digest())).isEmpty();
  }

  @Test
  void aCacheThatDoesNotAnswer_isAMissAndTakesNothing() throws Exception {
    remote.fault =
        _ -> {
          throw RemoteException.trouble("gone", null);
        };

    assertThat(here.cache.get(key("a").digest())).isEmpty();
    here.cache.share(key("a"), here.makes("text", true));

    assertThat(here.uploads.drain(Duration.ofSeconds(10))).isEqualTo(0);
    assertThat(here.traffic.uploads()).isEqualTo(0);
  }

  @Test
  void aCacheThatDoesNotEnd_isNotWaitedForLongerThanAsked() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    remote.fault =
        _ -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        };
    here.cache.share(key("a"), here.makes("text", true));

    assertThat(here.uploads.drain(Duration.ofMillis(50))).isEqualTo(1);
    never.countDown();
  }

  @Test
  void aBlobThatTheCacheHas_isNotSentAgain() throws Exception {
    ActionResult made = here.makes("text", true);
    here.cache.share(key("a"), made);
    var _ = here.uploads.drain(Duration.ofSeconds(10));
    long before = here.traffic.uploadedBytes();

    Machine again = new Machine(Trust.ALL);
    ActionResult same = again.makes("text", true);
    again.cache.share(key("b"), same);
    var _ = again.uploads.drain(Duration.ofSeconds(10));

    assertThat(remote.results).hasSize(2);
    assertThat(again.traffic.uploadedBytes()).isEqualTo(before - 4);
  }

  /// What it lost, it gets anew, though it says that it has it.
  @Test
  void aBlobThatTheCacheDoesNotGive_isSentAgain() throws Exception {
    ActionResult made = here.makes("text", true);
    Digest blob = Digester.digest("text".getBytes(UTF_8));
    here.cache.share(key("a"), made);
    var _ = here.uploads.drain(Duration.ofSeconds(10));
    remote.damaged.add(blob);
    elsewhere.blobs.bring(Set.of(blob));
    assertThat(elsewhere.blobs.contains(blob)).isFalse();
    long before = elsewhere.traffic.uploadedBytes();

    elsewhere.cache.share(key("a"), elsewhere.makes("text", true));
    var _ = elsewhere.uploads.drain(Duration.ofSeconds(10));

    assertThat(elsewhere.traffic.uploadedBytes()).isEqualTo(before + 4);
  }
}
