package dev.athanor.engine.rule;

import dev.athanor.engine.UserException;
import dev.athanor.engine.tree.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Which packages may depend on a target, besides its own.
///
/// @param everywhere whether all may
/// @param packages that may
/// @param trees whose packages, and those below them, may
public record Visibility(boolean everywhere, Set<RelativePath> packages, Set<RelativePath> trees) {
  public static final Visibility PUBLIC = new Visibility(true, Set.of(), Set.of());

  public Visibility {
    packages = Set.copyOf(packages);
    trees = Set.copyOf(trees);
  }

  /// Reads the value of a `visibility` attribute.
  ///
  /// @param pkg where the target is, for labels such as `:__subpackages__`
  /// @throws UserException when an entry is none of the known forms
  public static Visibility parse(List<String> entries, RelativePath pkg) {
    boolean everywhere = false;
    List<RelativePath> packages = new ArrayList<>();
    List<RelativePath> trees = new ArrayList<>();
    for (String entry : entries) {
      switch (entry) {
        case "//visibility:public" -> everywhere = true;
        case "//visibility:private" -> {}
        case String text when text.endsWith(":__pkg__") -> packages.add(directory(text, pkg));
        case String text when text.endsWith(":__subpackages__") -> trees.add(directory(text, pkg));
        default ->
            throw new UserException(
                "invalid visibility '" + entry + "'",
                "write //visibility:public, //visibility:private, //pkg:__pkg__ or //pkg:__subpackages__");
      }
    }
    return new Visibility(everywhere, Set.copyOf(packages), Set.copyOf(trees));
  }

  public boolean includes(RelativePath pkg) {
    return everywhere
        || packages.contains(pkg)
        || trees.stream().anyMatch(tree -> pkg.startsWith(tree));
  }

  /// For messages.
  @Override
  public String toString() {
    if (everywhere) {
      return "public";
    }
    Set<String> words = new TreeSet<>();
    packages.forEach(pkg -> words.add("//" + pkg));
    trees.forEach(tree -> words.add("//" + tree + "/..."));
    return words.isEmpty() ? "its own package" : String.join(", ", words);
  }

  private static RelativePath directory(String text, RelativePath pkg) {
    String path = text.substring(0, text.lastIndexOf(':'));
    if (path.isEmpty()) {
      return pkg;
    }
    if (!path.startsWith("//")) {
      throw new UserException("invalid visibility '" + text + "'", "packages start with //");
    }
    return RelativePath.of(path.substring(2));
  }
}
