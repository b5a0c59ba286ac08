package dev.athanor.engine.plan;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.source.FileLeaf;

/// The numbers that stand for alternatives in a written plan.
final class Codes {
  static final int COMMAND = 0;
  static final int BUILTIN = 1;
  static final int UNCACHEABLE_BUILTIN = 2;
  static final int HOST = 0;
  static final int IMAGE = 1;

  private Codes() {}

  static int of(Artifact.Derived.Kind kind) {
    return switch (kind) {
      case FILE -> 0;
      case EXECUTABLE -> 1;
      case TREE -> 2;
    };
  }

  static Artifact.Derived.Kind kind(int code) {
    return switch (code) {
      case 0 -> Artifact.Derived.Kind.FILE;
      case 1 -> Artifact.Derived.Kind.EXECUTABLE;
      case 2 -> Artifact.Derived.Kind.TREE;
      default -> throw new IllegalArgumentException("kind " + code);
    };
  }

  static int of(FileLeaf.Aspect aspect) {
    return switch (aspect) {
      case KIND -> 0;
      case LISTING -> 1;
      case TEXT -> 2;
    };
  }

  static FileLeaf.Aspect aspect(int code) {
    return switch (code) {
      case 0 -> FileLeaf.Aspect.KIND;
      case 1 -> FileLeaf.Aspect.LISTING;
      case 2 -> FileLeaf.Aspect.TEXT;
      default -> throw new IllegalArgumentException("aspect " + code);
    };
  }
}
