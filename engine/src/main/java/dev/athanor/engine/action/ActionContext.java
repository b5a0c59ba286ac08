package dev.athanor.engine.action;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.util.Collection;

/// What a built-in action has to work with while it runs. Used by one thread.
public interface ActionContext {
  Action.Builtin action();

  BlobStore blobs();

  /// The content of one of the action's inputs.
  Content input(Artifact artifact);

  /// Says what stands at a declared output; its blobs are in the store already.
  void output(Artifact.Derived artifact, Content content);

  /// Names blobs that an output refers to by digest, though they are no outputs themselves. A
  /// cached result counts as lost when one of them is.
  void refersTo(Collection<Digest> digests);

  /// The value of a parameter that the rule always gives.
  default String param(String name) {
    String value = action().params().get(name);
    if (value == null) {
      throw new IllegalStateException(action().describe() + " lacks the parameter " + name);
    }
    return value;
  }

  /// The digest of an input that is a regular file.
  default Digest file(Artifact artifact) {
    return switch (input(artifact)) {
      case Content.File(var digest, _) -> digest;
      case Content.Tree _ ->
          throw new ActionException(artifact.path() + " is a directory, not a file", "");
      case Content.Symlink _ ->
          throw new ActionException(artifact.path() + " is a symlink, not a file", "");
    };
  }

  /// The bytes of a small input file.
  default byte[] read(Artifact artifact) throws IOException {
    return blobs().read(file(artifact));
  }

  /// Stores `bytes` as an output file.
  default Digest write(Artifact.Derived artifact, byte[] bytes) throws IOException {
    Digest digest = blobs().put(bytes);
    output(artifact, new Content.File(digest, false));
    return digest;
  }
}
