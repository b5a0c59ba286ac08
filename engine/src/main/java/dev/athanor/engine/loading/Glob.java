package dev.athanor.engine.loading;

import dev.athanor.engine.graph.Evaluation;
import dev.athanor.engine.source.DirectoryListing;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.tree.PathPattern;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Utf8Order;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Finds a package's files by patterns: `*` and `?` within a name, `**` for any number of
/// directories. Files of other packages below are not found, nor is anything behind a symlink to a
/// directory.
record Glob(Packages packages, RelativePath pkg, Evaluation evaluation) {

  /// Paths below the package, ordered by their bytes.
  List<String> expand(List<String> include, List<String> exclude)
      throws EvalError, InterruptedException {
    List<String> found = new ArrayList<>();
    walk(RelativePath.ROOT, compile(include), compile(exclude), found);
    found.sort(Utf8Order.INSTANCE);
    return found;
  }

  private void walk(
      RelativePath at, List<PathPattern> wanted, List<PathPattern> unwanted, List<String> found)
      throws InterruptedException {
    Path directory = pkg.resolve(at.text()).under(packages.workspace().root());
    Map<String, Boolean> entries = evaluation.get(new DirectoryListing(directory));
    for (Map.Entry<String, Boolean> entry : entries.entrySet()) {
      RelativePath path = at.resolve(entry.getKey());
      if (entry.getValue()) {
        RelativePath below = pkg.resolve(path.text());
        boolean output = below.text().equals(Workspace.OUTPUT_FOLDER);
        if (!output && packages.buildFile(below, evaluation).isEmpty()) {
          walk(path, wanted, unwanted, found);
        }
      } else if (matches(wanted, path) && !matches(unwanted, path)) {
        found.add(path.text());
      }
    }
  }

  private static boolean matches(List<PathPattern> patterns, RelativePath path) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(path.text()));
  }

  private static List<PathPattern> compile(List<String> globs) throws EvalError {
    List<PathPattern> patterns = new ArrayList<>();
    for (String glob : globs) {
      if (glob.isEmpty() || glob.startsWith("/") || ("/" + glob + "/").contains("/../")) {
        throw new EvalError("glob: '" + glob + "' is not a pattern below the package");
      }
      patterns.add(PathPattern.of(glob));
    }
    return patterns;
  }
}
