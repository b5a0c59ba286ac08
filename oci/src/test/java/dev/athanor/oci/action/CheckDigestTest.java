package dev.athanor.oci.action;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.exec.BuiltinContext;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.registry.SampleImage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CheckDigestTest {
  private final MemoryBlobStore store = new MemoryBlobStore();
  private final SampleImage sample = SampleImage.of(1, 10);
  private final Label owner = Label.parse("//app:test", RelativePath.ROOT);
  private final Artifact.Derived file = Artifact.Derived.file(owner, "image.json");
  private final Artifact.Derived log = Artifact.Derived.file(owner, "test.log");
  private final Artifact.Derived tree = Artifact.Derived.tree(owner, "outputs");

  private ActionResult run(Digest expected, Image image) throws Exception {
    Content input = new Content.File(store.put(image.encode()), false);
    Action.Builtin action =
        new Action.Builtin(
            owner,
            new CheckDigest(),
            CheckDigest.params(expected.hash()),
            List.of(file),
            List.of(log, tree));
    return BuiltinContext.run(action, Map.of(file, input), store);
  }

  @Test
  void sameDigest_passes_andTheLogNamesIt() throws Exception {
    Digest digest = sample.manifest().digest();

    ActionResult result = run(digest, Image.of(sample.manifest().descriptor()));

    byte[] printed = ("sha256:" + digest.hex() + "\n").getBytes(StandardCharsets.UTF_8);
    assertThat(result.outputs())
        .containsEntry(log.path(), new Content.File(Digester.digest(printed), false));
    assertThat(result.outputs().get(tree.path())).isInstanceOf(Content.Tree.class);
  }

  @Test
  void anotherDigest_fails_andTellsBoth() {
    Digest other = SampleImage.of(2, 10).manifest().digest();

    var e =
        assertThrows(
            ActionException.class, () -> run(other, Image.of(sample.manifest().descriptor())));

    assertThat(e)
        .hasMessageThat()
        .isEqualTo(
            "the digest is sha256:"
                + sample.manifest().digest().hex()
                + ", expected sha256:"
                + other.hex());
    assertThat(e.hint().orElse("")).contains("athanor image diff");
  }

  @Test
  void index_isHeldAgainstItsOwnDigest() throws Exception {
    Index index = Index.of(List.of(sample.manifest().descriptor()));

    assertThat(run(index.digest(), Image.of(index.descriptor())).outputs()).hasSize(2);
    assertThrows(
        ActionException.class, () -> run(sample.manifest().digest(), Image.of(index.descriptor())));
  }
}
