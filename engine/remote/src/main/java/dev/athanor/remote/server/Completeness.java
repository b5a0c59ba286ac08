package dev.athanor.remote.server;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.FileNode;
import build.bazel.remote.execution.v2.OutputDirectory;
import build.bazel.remote.execution.v2.OutputFile;
import build.bazel.remote.execution.v2.Tree;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whether everything is in a store that a result names: a client that has been told of a result
/// relies on that. To look is to use.
final class Completeness {
  private final BlobStore blobs;
  private final Set<Digest> seen = new HashSet<>();

  Completeness(BlobStore blobs) {
    this.blobs = blobs;
    seen.add(Digest.EMPTY);
  }

  boolean of(ActionResult result) throws IOException {
    try {
      for (OutputFile file : result.getOutputFilesList()) {
        if (!isHere(file.getDigest())) {
          return false;
        }
      }
      for (OutputDirectory directory : result.getOutputDirectoriesList()) {
        if (!isHere(directory)) {
          return false;
        }
      }
      return (!result.hasStdoutDigest() || isHere(result.getStdoutDigest()))
          && (!result.hasStderrDigest() || isHere(result.getStderrDigest()));
    } catch (MissingBlobException | InvalidProtocolBufferException | IllegalArgumentException e) {
      // A directory that is gone, damaged, or names what is no digest.
      return false;
    }
  }

  /// The same blob often comes again.
  private boolean isHere(build.bazel.remote.execution.v2.Digest wire) throws IOException {
    Digest digest = Trees.digest(wire);
    return !seen.add(digest) || blobs.contains(digest);
  }

  /// A directory is named in one form, or in both.
  private boolean isHere(OutputDirectory output) throws IOException {
    if (output.hasTreeDigest()) {
      Tree tree = Tree.parseFrom(bytes(Trees.digest(output.getTreeDigest())));
      if (!filesAreHere(tree.getRoot()) || !filesAreHere(tree.getChildrenList())) {
        return false;
      }
    }
    if (output.hasRootDirectoryDigest()) {
      TreeWalk walk = new TreeWalk(Trees.digest(output.getRootDirectoryDigest()), blobs);
      for (Optional<TreeWalk.Step> step = walk.next(); step.isPresent(); step = walk.next()) {
        Optional<Directory> directory = step.get().directory();
        if (directory.isEmpty() || !filesAreHere(directory.get())) {
          return false;
        }
      }
    }
    return output.hasTreeDigest() || output.hasRootDirectoryDigest();
  }

  private boolean filesAreHere(List<Directory> directories) throws IOException {
    for (Directory directory : directories) {
      if (!filesAreHere(directory)) {
        return false;
      }
    }
    return true;
  }

  private boolean filesAreHere(Directory directory) throws IOException {
    for (FileNode file : directory.getFilesList()) {
      if (!isHere(file.getDigest())) {
        return false;
      }
    }
    return true;
  }

  private byte[] bytes(Digest digest) throws IOException {
    if (digest.size() > TreeWalk.MAX_BYTES) {
      throw new MissingBlobException(digest);
    }
    return digest.size() == 0 ? new byte[0] : blobs.read(digest);
  }
}
