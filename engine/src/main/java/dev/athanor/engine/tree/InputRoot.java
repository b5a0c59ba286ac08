package dev.athanor.engine.tree;

import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.DirectoryNode;
import build.bazel.remote.execution.v2.FileNode;
import build.bazel.remote.execution.v2.SymlinkNode;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The Merkle tree over the files at a set of paths: what an action sees, under one digest.
///
/// The same paths and contents give the same digest in whatever order they come.
///
/// @param digest of the root `Directory` message
/// @param directories every `Directory` message that this root introduced, children before parents;
///   subtrees that came in as [Content.Tree] are already in a store and not repeated here
public record InputRoot(Digest digest, List<byte[]> directories) {
  public InputRoot {
    directories = List.copyOf(directories);
  }

  /// @throws UserException when a path is taken twice, or lies below a file
  public static InputRoot of(Map<RelativePath, Content> contents) {
    Level root = new Level();
    contents.forEach(root::add);
    List<byte[]> directories = new ArrayList<>();
    return new InputRoot(root.encode(directories), directories);
  }

  /// Makes every directory readable from `blobs`.
  public void store(BlobStore blobs) throws IOException {
    for (byte[] directory : directories) {
      blobs.put(directory);
    }
  }

  static build.bazel.remote.execution.v2.Digest wire(Digest digest) {
    return build.bazel.remote.execution.v2.Digest.newBuilder()
        .setHash(digest.hex())
        .setSizeBytes(digest.size())
        .build();
  }

  /// One directory while it is being filled: at each name either a content or a deeper level.
  private static final class Level {
    private final TreeMap<String, Content> leaves = new TreeMap<>(Utf8Order.INSTANCE);
    private final TreeMap<String, Level> levels = new TreeMap<>(Utf8Order.INSTANCE);

    void add(RelativePath path, Content content) {
      Level level = this;
      List<String> parts = path.parts();
      if (parts.isEmpty()) {
        throw new IllegalArgumentException("the root itself is no input");
      }
      for (String part : parts.subList(0, parts.size() - 1)) {
        if (level.leaves.containsKey(part)) {
          throw new UserException("'" + path + "' lies below a file or tree that is an input too");
        }
        level = level.levels.computeIfAbsent(part, _ -> new Level());
      }
      @Nullable Content old = level.leaves.put(parts.getLast(), content);
      if ((old != null && !old.equals(content)) || level.levels.containsKey(parts.getLast())) {
        throw new UserException("two inputs at '" + path + "'");
      }
    }

    Digest encode(List<byte[]> directories) {
      Directory.Builder directory = Directory.newBuilder();
      TreeMap<String, Digest> children = new TreeMap<>(Utf8Order.INSTANCE);
      levels.forEach((name, level) -> children.put(name, level.encode(directories)));
      leaves.forEach((name, content) -> {
        switch (content) {
          case Content.File(var digest, var executable) ->
              directory.addFiles(
                  FileNode.newBuilder()
                      .setName(name)
                      .setDigest(wire(digest))
                      .setIsExecutable(executable));
          case Content.Symlink(var target) ->
              directory.addSymlinks(SymlinkNode.newBuilder().setName(name).setTarget(target));
          case Content.Tree(var digest) -> children.put(name, digest);
        }
      });
      children.forEach((name, digest) ->
          directory.addDirectories(
              DirectoryNode.newBuilder().setName(name).setDigest(wire(digest))));
      byte[] bytes = directory.build().toByteArray();
      directories.add(bytes);
      return Digester.digest(bytes);
    }
  }
}
