package dev.athanor.engine.exec;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a built-in action sees, and what it left so far.
public final class BuiltinContext implements ActionContext {
  private final Action.Builtin action;
  private final Map<Artifact, Content> inputs;
  private final BlobStore blobs;
  private final SortedMap<RelativePath, Content> outputs = new TreeMap<>();
  private final Set<Digest> references = new HashSet<>();

  private BuiltinContext(Action.Builtin action, Map<Artifact, Content> inputs, BlobStore blobs) {
    this.action = action;
    this.inputs = inputs;
    this.blobs = blobs;
  }

  /// Runs a built-in over inputs that are known.
  public static ActionResult run(
      Action.Builtin action, Map<Artifact, Content> inputs, BlobStore blobs)
      throws IOException, InterruptedException {
    BuiltinContext context = new BuiltinContext(action, inputs, blobs);
    action.type().run(context);
    return context.finish();
  }

  @Override
  public Action.Builtin action() {
    return action;
  }

  @Override
  public BlobStore blobs() {
    return blobs;
  }

  @Override
  public Content input(Artifact artifact) {
    Content content = inputs.get(artifact);
    if (content == null) {
      throw new IllegalStateException(action.describe() + " did not declare the input " + artifact);
    }
    return content;
  }

  @Override
  public void output(Artifact.Derived artifact, Content content) {
    if (!action.outputs().contains(artifact)) {
      throw new IllegalStateException(
          action.describe() + " did not declare the output " + artifact);
    }
    outputs.put(artifact.path(), content);
  }

  @Override
  public void refersTo(Collection<Digest> digests) {
    references.addAll(digests);
  }

  private ActionResult finish() {
    for (Artifact.Derived output : action.outputs()) {
      if (!outputs.containsKey(output.path())) {
        throw new IllegalStateException(action.describe() + " did not make " + output.path());
      }
    }
    return new ActionResult(outputs, references, Digest.EMPTY, Digest.EMPTY, true);
  }
}
