package dev.athanor.engine.verify;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final Set<Factor> CONCERNING = Set.of(Factor.TIME, Factor.USER, Factor.PATH);
  private static final Digest KEY = digest("key");

  private final Path root = Jimfs.newFileSystem(Configuration.unix()).getPath("/cache");
  private final DiskBlobStore store = DiskBlobStore.open(root);
  private final CacheLayout layout = new CacheLayout(root);
  private final Ledger ledger = new Ledger(layout);
  private final SortedMap<RelativePath, Content> outputs = outputs("a");

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  private static Digest digest(String text) {
    return Digester.digest(text.getBytes(StandardCharsets.UTF_8));
  }

  private static SortedMap<RelativePath, Content> outputs(String text) {
    SortedMap<RelativePath, Content> outputs = new TreeMap<>();
    outputs.put(RelativePath.of("out"), new Content.File(digest(text), false));
    return outputs;
  }

  @Test
  void nothingIsKnownAtFirst() throws IOException {
    assertThat(ledger.verified(KEY, outputs)).isEmpty();
    assertThat(ledger.isWhole(KEY, outputs)).isFalse();
  }

  @Test
  void whatIsFoundOut_addsUp_untilItIsWhole() throws IOException {
    ledger.note(KEY, outputs, Set.of(Factor.TIME, Factor.USER), CONCERNING);
    assertThat(ledger.verified(KEY, outputs)).containsExactly(Factor.TIME, Factor.USER);
    assertThat(ledger.isWhole(KEY, outputs)).isFalse();

    ledger.note(KEY, outputs, Set.of(Factor.PATH), CONCERNING);
    assertThat(ledger.verified(KEY, outputs)).containsExactlyElementsIn(CONCERNING);
    assertThat(ledger.isWhole(KEY, outputs)).isTrue();
  }

  @Test
  void itHoldsOfTheseOutputsOnly_andOfThisKey() throws IOException {
    ledger.note(KEY, outputs, CONCERNING, CONCERNING);

    assertThat(ledger.verified(KEY, outputs("b"))).isEmpty();
    assertThat(ledger.isWhole(digest("other"), outputs)).isFalse();
  }

  @Test
  void whatIsForgotten_isNotKnown() throws IOException {
    ledger.note(KEY, outputs, CONCERNING, CONCERNING);
    ledger.forget(KEY);

    assertThat(ledger.isWhole(KEY, outputs)).isFalse();
  }

  @Test
  void damagedOrForeignFiles_sayNothing() throws IOException {
    for (String text : new String[] {"", "1", "2 x whole time", "1 x whole", "\u0000\n"}) {
      ledger.note(KEY, outputs, CONCERNING, CONCERNING);
      Files.writeString(layout.verification(KEY), text);

      assertThat(ledger.verified(KEY, outputs)).isEmpty();
    }
  }
}
