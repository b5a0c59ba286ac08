package dev.athanor.engine.gc;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.DirectoryNode;
import build.bazel.remote.execution.v2.FileNode;
import build.bazel.remote.execution.v2.OutputDirectory;
import build.bazel.remote.execution.v2.OutputFile;
import build.bazel.remote.execution.v2.Tree;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.cas.Lease;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// When blobs and results were last used through what refers to them. A result is as good as
/// nothing without its blobs; and a build that finds everything up to date looks at none of them,
/// but for the file in which it is remembered.
///
/// Whatever was used later must come first: a tree is only walked once.
final class Uses {
  /// No directory is larger, nor a whole tree, nor a result: what is, is something else that
  /// somebody has named so.
  private static final long MAX_BYTES = 64 << 20;

  /// No path is longer: what lies deeper cannot be made anywhere.
  private static final int MAX_PATH = 4096;

  private final CacheLayout layout;
  private final Map<String, Item> blobs = new HashMap<>();
  private final Map<String, Item> results = new HashMap<>();
  private final Set<String> walked = new HashSet<>();

  Uses(CacheLayout layout, Collection<Item> results, Collection<Item> blobs) {
    this.layout = layout;
    results.forEach(item -> this.results.put(Inventory.name(item.path()), item));
    blobs.forEach(item -> this.blobs.put(Inventory.name(item.path()), item));
  }

  Collection<Item> blobs() {
    return blobs.values();
  }

  Collection<Item> results() {
    return results.values();
  }

  /// A result was used at that time. It need not be one of ours: where others share the store, it
  /// may have directories in both forms, and paths that we would not take.
  void result(Item item) throws IOException {
    ActionResult result;
    try {
      if (Files.size(item.path()) > MAX_BYTES) {
        return;
      }
      result = ActionResult.parseFrom(Files.readAllBytes(item.path()));
    } catch (InvalidProtocolBufferException | NoSuchFileException e) {
      // Damaged: nobody will use it.
      return;
    }
    Instant used = item.used();
    for (OutputFile file : result.getOutputFilesList()) {
      blob(file.getDigest().getHash(), used, "");
    }
    for (OutputDirectory directory : result.getOutputDirectoriesList()) {
      tree(directory.getRootDirectoryDigest().getHash(), used, "");
      treeMessage(directory.getTreeDigest().getHash(), used);
    }
    blob(result.getStdoutDigest().getHash(), used, "");
    blob(result.getStderrDigest().getHash(), used, "");
    // What printed nothing does not say so, but is read as if it did.
    blob(Digest.EMPTY.hex(), used, "");
  }

  /// All that a build found was used at that time.
  void build(BuildState state, Instant used) throws IOException {
    Plan plan = state.plan();
    for (int action = 0; action < plan.actionCount(); action++) {
      Digest key = state.key(action);
      Item result = key == null ? null : results.get(key.hex());
      if (key != null && result != null) {
        Item raised = later(result, used, "");
        results.put(key.hex(), raised);
        result(raised);
      }
    }
    for (int output = 0; output < plan.outputCount(); output++) {
      Content content = state.output(output);
      if (content != null) {
        content(content, used, plan.visiblePath(output));
      }
    }
    for (int source = 0; source < plan.sourceCount(); source++) {
      Content content = state.source(source);
      if (content != null) {
        content(content, used, plan.watchPath(source));
      }
    }
  }

  private void content(Content content, Instant used, String name) throws IOException {
    switch (content) {
      case Content.File(var digest, _) -> blob(digest.hex(), used, name);
      case Content.Tree(var digest) -> tree(digest.hex(), used, name);
      case Content.Symlink _ -> {}
    }
  }

  private void blob(String hash, Instant used, String name) {
    blobs.computeIfPresent(hash, (_, item) -> later(item, used, name));
  }

  private static Item later(Item item, Instant used, String name) {
    return new Item(
        item.kind(),
        item.path(),
        item.bytes(),
        item.used().isBefore(used) ? used : item.used(),
        item.stamp(),
        item.name().isEmpty() ? name : item.name());
  }

  private record Branch(String hash, String name) {}

  private void tree(String root, Instant used, String rootName) throws IOException {
    Queue<Branch> ahead = new ArrayDeque<>(List.of(new Branch(root, rootName)));
    for (Branch next = ahead.poll(); next != null; next = ahead.poll()) {
      blob(next.hash(), used, next.name());
      Directory directory =
          next.name().length() > MAX_PATH ? null : unwalked(next.hash(), Directory.parser());
      if (directory == null) {
        continue;
      }
      files(directory, used, next.name());
      for (DirectoryNode child : directory.getDirectoriesList()) {
        ahead.add(new Branch(child.getDigest().getHash(), next.name() + "/" + child.getName()));
      }
    }
  }

  /// A whole tree in one blob: its directories need not be blobs themselves.
  private void treeMessage(String hash, Instant used) throws IOException {
    blob(hash, used, "");
    Tree tree = unwalked(hash, Tree.parser());
    if (tree != null) {
      files(tree.getRoot(), used, "");
      tree.getChildrenList().forEach(directory -> files(directory, used, ""));
    }
  }

  private void files(Directory directory, Instant used, String name) {
    for (FileNode file : directory.getFilesList()) {
      blob(file.getDigest().getHash(), used, name + "/" + file.getName());
    }
  }

  /// The message in a blob; null when it has been asked for before, or cannot be had.
  private <M> @Nullable M unwalked(String hash, Parser<M> parser) throws IOException {
    Item item = blobs.get(hash);
    if (item == null || !walked.add(hash)) {
      return null;
    }
    try {
      if (Files.size(item.path()) > MAX_BYTES) {
        return null;
      }
      return parser.parseFrom(readUnnoticed(item));
    } catch (InvalidProtocolBufferException | NoSuchFileException e) {
      return null;
    }
  }

  /// To look is not to use: the time of the last access is put back, unless somebody else may have
  /// set it.
  private byte[] readUnnoticed(Item item) throws IOException {
    Path path = item.path();
    boolean unused = accessed(path).equals(item.stamp());
    byte[] bytes = Files.readAllBytes(path);
    if (unused && Lease.oldest(layout).isEmpty()) {
      try {
        Files.getFileAttributeView(path, BasicFileAttributeView.class)
            .setTimes(null, FileTime.from(item.stamp()), null);
      } catch (FileSystemException e) {
        // Somebody else's file in a shared cache.
      }
    }
    return bytes;
  }

  private static Instant accessed(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).lastAccessTime().toInstant();
  }
}
