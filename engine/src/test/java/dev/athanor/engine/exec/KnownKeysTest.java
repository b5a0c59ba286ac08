package dev.athanor.engine.exec;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionGraph;
import dev.athanor.engine.action.ActionKey;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.testing.ConcatType;
import dev.athanor.engine.testing.MemoryActionCache;
import dev.athanor.engine.testing.MemorySources;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class KnownKeysTest {
  private static final Artifact.Source SOURCE = new Artifact.Source(RelativePath.of("source"));

  private final MemoryBlobStore blobs = new MemoryBlobStore();
  private final MemoryActionCache cache = new MemoryActionCache();
  private final MemorySources sources = new MemorySources(blobs);
  private final ConcatType concat = new ConcatType();
  private final Action first = concat.action("first", "1", SOURCE);
  private final Action second = concat.action("second", "2", ConcatType.output("first"));

  private KnownKey key(Action action) throws IOException {
    return new KnownKeys(cache, sources, ActionGraph.of(List.of(first, second))).key(action);
  }

  private static String text(KnownKey key) {
    return switch (key) {
      case KnownKey.Known(var found, var cached) -> found.digest() + (cached ? " cached" : "");
      case KnownKey.Unknown(var because) -> because;
    };
  }

  private ActionKey cached(Action action, Map<Artifact, Content> inputs, Content output) {
    ActionKey key = ActionKey.of(action, inputs);
    TreeMap<RelativePath, Content> outputs =
        new TreeMap<>(Map.of(action.outputs().getFirst().path(), output));
    cache.put(key.digest(), new ActionResult(outputs, Set.of(), Digest.EMPTY, Digest.EMPTY, true));
    return key;
  }

  @Test
  void key_ofSources_isTheOneThatABuildUses() throws Exception {
    sources.put("source", "text");

    KnownKey known = key(first);

    ActionKey expected = ActionKey.of(first, Map.of(SOURCE, sources.content(SOURCE.path())));
    assertThat(text(known)).isEqualTo(expected.digest().toString());
  }

  @Test
  void key_behindAnActionThatNeverRan_isUnknown() throws Exception {
    sources.put("source", "text");

    assertThat(key(second)).isEqualTo(new KnownKey.Unknown("needs out/first, which is not cached"));
  }

  @Test
  void key_behindACachedResult_isKnown() throws Exception {
    sources.put("source", "text");
    Content made = new Content.File(blobs.put(new byte[] {7}), false);
    ActionKey firstKey = cached(first, Map.of(SOURCE, sources.content(SOURCE.path())), made);

    assertThat(text(key(first))).isEqualTo(firstKey.digest() + " cached");
    ActionKey expected = ActionKey.of(second, Map.of(ConcatType.output("first"), made));
    assertThat(text(key(second))).isEqualTo(expected.digest().toString());
  }

  @Test
  void key_missingSource_saysSo() throws Exception {
    assertThat(key(first)).isEqualTo(new KnownKey.Unknown("no such file: source"));
  }

  @Test
  void key_actionsThatNeedEachOther_isUnknown() throws Exception {
    Action egg = concat.action("egg", "", ConcatType.output("hen"));
    Action hen = concat.action("hen", "", ConcatType.output("egg"));

    KnownKey key = new KnownKeys(cache, sources, ActionGraph.of(List.of(egg, hen))).key(hen);

    assertThat(key).isInstanceOf(KnownKey.Unknown.class);
  }

  @Test
  void key_longChain_needsNoStack() throws Exception {
    List<Action> chain = new ArrayList<>(List.of(first));
    for (int i = 1; i < 20_000; i++) {
      Artifact input = chain.getLast().outputs().getFirst();
      chain.add(concat.action("n" + i, "", input));
    }
    sources.put("source", "text");

    KnownKey key = new KnownKeys(cache, sources, ActionGraph.of(chain)).key(chain.getLast());

    assertThat(key).isEqualTo(new KnownKey.Unknown("needs out/n19998, which is not cached"));
  }
}
