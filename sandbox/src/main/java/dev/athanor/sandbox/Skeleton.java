package dev.athanor.sandbox;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Collects the steps that make directories, files and links in an empty file system, each once and
/// after its parents. What a bind covers is taken to have what is asked for.
final class Skeleton {
  private final List<SetupOp> ops;
  private final Set<String> made = new HashSet<>(List.of("/"));
  private final List<String> covers = new ArrayList<>();

  Skeleton(List<SetupOp> ops) {
    this.ops = ops;
  }

  /// From here on, `target` and all below it come from a mount.
  void cover(String target) {
    covers.add(target);
  }

  /// `target` is there already.
  void assume(String target) {
    made.add(target);
  }

  /// Whether some mount gives `target`.
  boolean covers(String target) {
    return covers.stream().anyMatch(cover -> isBelow(target, cover));
  }

  void directory(String target) {
    if (!covers(target) && made.add(target)) {
      parents(target);
      ops.add(new SetupOp.Mkdir(target));
    }
  }

  void mountPoint(String target, boolean directory) {
    if (directory) {
      directory(target);
    } else if (!covers(target) && made.add(target)) {
      parents(target);
      ops.add(new SetupOp.Touch(target));
    }
  }

  void symlink(String target, String text) {
    if (!covers(target) && made.add(target)) {
      parents(target);
      ops.add(new SetupOp.Symlink(target, text));
    }
  }

  void file(String target, String text) {
    if (!covers(target) && made.add(target)) {
      parents(target);
      ops.add(new SetupOp.File(target, text));
    }
  }

  private void parents(String target) {
    int slash = target.lastIndexOf('/');
    if (slash > 0) {
      directory(target.substring(0, slash));
    }
  }

  static boolean isBelow(String target, String ancestor) {
    return target.equals(ancestor)
        || target.startsWith(ancestor.endsWith("/") ? ancestor : ancestor + "/");
  }
}
