package dev.athanor.oci.action;

import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.model.OciDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Fails unless an image or index has the digest that is expected of it.
///
/// Input: the image's file. Outputs, as of every test: a log, and an empty tree. Parameter:
/// `expected`.
public final class CheckDigest extends OciAction {
  CheckDigest() {
    // The last part of the id is what every test is called.
    super("oci.digest.test", 1, Resource.DISK);
  }

  /// The parameters of an action of this type.
  public static SortedMap<String, String> params(Sha256 expected) {
    return new TreeMap<>(Map.of("expected", OciDigest.of(expected).toString()));
  }

  @Override
  public void run(ActionContext context) throws IOException {
    Artifact file = context.action().inputs().getFirst();
    OciDigest actual = Images.read(context.file(file), context.blobs()).manifest().digest();
    String expected = context.param("expected");
    if (!actual.toString().equals(expected)) {
      throw new ActionException(
          "the digest is " + actual + ", expected " + expected,
          "if the change is meant, expect the new digest; `athanor image diff` shows what an image"
              + " has become");
    }
    List<Artifact.Derived> outputs = context.action().outputs();
    context.write(outputs.get(0), (actual + "\n").getBytes(StandardCharsets.UTF_8));
    InputRoot nothing = InputRoot.of(Map.of());
    nothing.store(context.blobs());
    context.output(outputs.get(1), new Content.Tree(nothing.digest()));
  }
}
