package dev.athanor.engine.diff;

import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.DirectoryNode;
import build.bazel.remote.execution.v2.FileNode;
import build.bazel.remote.execution.v2.SymlinkNode;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Compares files, directories and links of the store, a directory entry by entry.
///
/// A file whose name is the digest of its bytes can only come and go. That says nothing which
/// whoever names it does not say better, and is told only where nobody does.
final class Contents {
  private final Place root;

  /// Paths of those, and whether they came.
  private final List<Map.Entry<String, Content>> came = new ArrayList<>();

  private final List<Map.Entry<String, Content>> went = new ArrayList<>();

  Contents(Place root) {
    this.root = root;
  }

  void compare(Content before, Content after) throws IOException {
    if (!root.finds(() -> compare("", before, after))) {
      went.forEach(entry -> place(entry.getKey()).add(Aspect.PRESENCE, kind(entry.getValue()), ""));
      came.forEach(entry -> place(entry.getKey()).add(Aspect.PRESENCE, "", kind(entry.getValue())));
    }
  }

  private void compare(String path, Content before, Content after) throws IOException {
    if (before instanceof Content.Tree(var was) && after instanceof Content.Tree(var is)) {
      if (!was.equals(is)) {
        directories(path, was, is, 0);
      }
    } else if (before instanceof Content.File was && after instanceof Content.File is) {
      files(place(path), was, is);
    } else if (before instanceof Content.Symlink(var was)
        && after instanceof Content.Symlink(var is)) {
      place(path).value(Aspect.TARGET, was, is);
    } else {
      place(path).add(Aspect.KIND, kind(before), kind(after));
    }
  }

  private Place place(String path) {
    return path.isEmpty() ? root : root.in(path);
  }

  private static String kind(Content content) {
    return switch (content) {
      case Content.File _ -> "file";
      case Content.Tree _ -> "directory";
      case Content.Symlink _ -> "symlink";
    };
  }

  private static void files(Place place, Content.File before, Content.File after)
      throws IOException {
    place.value(Aspect.MODE, mode(before), mode(after));
    if (before.digest().equals(after.digest())) {
      return;
    }
    if (place.isFull()) {
      place.leaveOut(1);
    } else {
      try (Data was = place.open(before.digest());
          Data is = place.open(after.digest())) {
        place.compare(was, is);
      }
    }
  }

  private static String mode(Content.File file) {
    return file.executable() ? "executable" : "not executable";
  }

  private void directories(String path, Digest before, Digest after, int depth) throws IOException {
    if (depth > Trees.MAX_DEPTH) {
      throw new IOException("more than " + depth + " directories in each other: " + path);
    }
    Map<String, Content> was = children(before);
    Map<String, Content> is = children(after);
    TreeSet<String> names = new TreeSet<>(was.keySet());
    names.addAll(is.keySet());
    for (String name : names) {
      String child = path.isEmpty() ? name : path + "/" + name;
      child(child, name, was.get(name), is.get(name), depth);
    }
  }

  private void child(
      String path, String name, @Nullable Content before, @Nullable Content after, int depth)
      throws IOException {
    if (before != null && after != null) {
      if (before instanceof Content.Tree(var was) && after instanceof Content.Tree(var is)) {
        if (!was.equals(is)) {
          directories(path, was, is, depth + 1);
        }
      } else {
        compare(path, before, after);
      }
    } else if (before != null) {
      if (isDigest(name, before)) {
        went.add(Map.entry(path, before));
      } else {
        place(path).add(Aspect.PRESENCE, kind(before), "");
      }
    } else if (after != null) {
      if (isDigest(name, after)) {
        came.add(Map.entry(path, after));
      } else {
        place(path).add(Aspect.PRESENCE, "", kind(after));
      }
    }
  }

  private static boolean isDigest(String name, Content content) {
    return content instanceof Content.File(var digest, _) && digest.hex().equals(name);
  }

  private Map<String, Content> children(Digest tree) throws IOException {
    Directory directory = Trees.directory(tree, root.blobs());
    Map<String, Content> children = new TreeMap<>();
    for (FileNode file : directory.getFilesList()) {
      children.put(
          file.getName(), new Content.File(Trees.digest(file.getDigest()), file.getIsExecutable()));
    }
    for (SymlinkNode link : directory.getSymlinksList()) {
      children.put(link.getName(), new Content.Symlink(link.getTarget()));
    }
    for (DirectoryNode child : directory.getDirectoriesList()) {
      children.put(child.getName(), new Content.Tree(Trees.digest(child.getDigest())));
    }
    return children;
  }
}
