package dev.athanor.remote.execution;

import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.DirectoryNode;
import build.bazel.remote.execution.v2.FileNode;
import build.bazel.remote.execution.v2.OutputDirectory;
import build.bazel.remote.execution.v2.SymlinkNode;
import build.bazel.remote.execution.v2.Tree;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.exec.RemoteRunException;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Takes the directories that an action left behind into the store, as the engine writes them: what
/// servers add to their messages would make other digests of the same files. No file's bytes move.
final class OutputTrees {
  private final Fetch fetch;
  private final BlobStore blobs;

  /// Messages by their digests, as far as they came all at once.
  private final Map<Digest, Directory> directories = new HashMap<>();

  /// Those that are in the store, by what they were called there.
  private final Map<Digest, Digest> taken = new HashMap<>();

  OutputTrees(Fetch fetch, BlobStore blobs) {
    this.fetch = fetch;
    this.blobs = blobs;
  }

  Content.Tree take(OutputDirectory output) throws IOException {
    if (output.hasTreeDigest()) {
      Tree tree = Tree.parseFrom(fetch.bytes(Trees.digest(output.getTreeDigest())));
      tree.getChildrenList().forEach(this::note);
      return new Content.Tree(take(tree.getRoot(), 0));
    }
    Digest root = Trees.digest(output.getRootDirectoryDigest());
    fetch.tree(root).forEach(this::note);
    return new Content.Tree(take(root, 0));
  }

  private void note(Directory directory) {
    directories.put(Digester.digest(directory.toByteArray()), directory);
  }

  private Digest take(Digest directory, int depth) throws IOException {
    if (depth > Trees.MAX_DEPTH) {
      throw new RemoteRunException("the remote executor nests directories too deep");
    }
    Digest known = taken.get(directory);
    if (known != null) {
      return known;
    }
    Directory message = directories.get(directory);
    Digest own =
        take(message != null ? message : Directory.parseFrom(fetch.bytes(directory)), depth);
    taken.put(directory, own);
    return own;
  }

  private Digest take(Directory directory, int depth) throws IOException {
    Map<RelativePath, Content> level = new HashMap<>();
    for (FileNode file : directory.getFilesList()) {
      level.put(
          name(file.getName()),
          new Content.File(Trees.digest(file.getDigest()), file.getIsExecutable()));
    }
    for (SymlinkNode link : directory.getSymlinksList()) {
      level.put(name(link.getName()), new Content.Symlink(link.getTarget()));
    }
    for (DirectoryNode child : directory.getDirectoriesList()) {
      level.put(
          name(child.getName()),
          new Content.Tree(take(Trees.digest(child.getDigest()), depth + 1)));
    }
    InputRoot root = InputRoot.of(level);
    root.store(blobs);
    return root.digest();
  }

  private static RelativePath name(String name) throws IOException {
    RelativePath path = RelativePath.of(name);
    if (path.isRoot() || name.indexOf('/') >= 0) {
      throw new RemoteRunException("the remote executor names a file '" + name + "'");
    }
    return path;
  }
}
