package dev.athanor.engine.query;

import dev.athanor.engine.UserException;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.starlark.syntax.Dialect;
import dev.athanor.engine.starlark.syntax.Expression.StringLiteral;
import dev.athanor.engine.starlark.syntax.ParsedFile;
import dev.athanor.engine.starlark.syntax.Parser;
import dev.athanor.engine.starlark.syntax.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Which files BUILD files load. Reads the files again rather than burden every loaded package with
/// an answer that few ask for.
record Modules(TargetGraph graph) {

  /// The modules that the files load, directly or not.
  Set<Label> loadedBy(Collection<Label> files) {
    Set<Label> seen = new LinkedHashSet<>();
    ArrayDeque<Label> open = new ArrayDeque<>(files);
    for (Label file = open.poll(); file != null; file = open.poll()) {
      for (Label module : loads(file)) {
        if (seen.add(graph.file(module))) {
          open.add(module);
        }
      }
    }
    return seen;
  }

  private List<Label> loads(Label file) {
    Path path = file.path().under(graph.packages().workspace().root());
    List<Label> loads = new ArrayList<>();
    try {
      // The most liberal dialect: what the file may not do, loading it has told already.
      ParsedFile parsed =
          Parser.parse(Source.of(file.path().text(), Files.readString(path)), Dialect.SCRIPT);
      for (StringLiteral module : parsed.loads()) {
        loads.add(Label.parse(module.value(), file.pkg()));
      }
    } catch (IOException e) {
      graph.fail(new UserException("cannot read " + file.path() + ": " + e.getMessage(), "", e));
    } catch (UserException e) {
      graph.fail(e);
    }
    return loads;
  }
}
