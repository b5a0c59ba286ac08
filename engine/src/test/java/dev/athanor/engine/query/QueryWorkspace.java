package dev.athanor.engine.query;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.graph.Graph;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.loading.Packages;
import dev.athanor.engine.loading.Workspace;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Macro;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleSet;
import dev.athanor.engine.rule.Toolbox;
import dev.athanor.engine.testing.ConcatType;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// The workspace in `workspace.txt`, on the heap, with rules of its own that nobody ever calls.
final class QueryWorkspace {
  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("posix", "unix").build());
  private final Path root = files.getPath("/w");
  private final Graph graph = new Graph();

  QueryWorkspace() {
    lay("workspace.txt");
  }

  /// Adds the files of a resource to the workspace.
  void lay(String resource) {
    String[] parts = text(resource).split("(?m)^=== ", -1);
    for (String part : List.of(parts).subList(1, parts.length)) {
      int end = part.indexOf('\n');
      write(part.substring(0, end).strip(), part.substring(end + 1).strip() + "\n");
    }
  }

  private void write(String path, String text) {
    try {
      Files.createDirectories(Objects.requireNonNull(root.resolve(path).getParent()));
      Files.writeString(root.resolve(path), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A fresh look at the workspace.
  TargetGraph targets(boolean keepGoing, boolean implicit) {
    Packages packages = new Packages(Workspace.find(root), rules());
    return new TargetGraph(packages, graph, keepGoing, implicit);
  }

  /// The answer to a query of somebody who stands at the root.
  QueryResult run(String query) throws InterruptedException {
    return Query.parse("query", query)
        .run(targets(false, true), RelativePath.ROOT, List.of("//..."), Query.Order.AUTO);
  }

  static String text(String resource) {
    try (InputStream in = QueryWorkspace.class.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RuleSet rules() {
    Attribute srcs = Attribute.labels("srcs", "").scalarOrList();
    Attribute deps = Attribute.labels("deps", "");
    Attribute compiler =
        Attribute.label("compiler", "").orElse(Label.parseAbsolute("//tools:compiler"));
    return RuleSet.of(
        List.of(
            rule(
                "lib",
                srcs,
                deps,
                compiler,
                Attribute.string("mode", ""),
                Attribute.integer("level", ""),
                Attribute.bool("shared", ""),
                Attribute.stringMap("env", "")),
            rule("gen", srcs, Attribute.outputs("outs", "")),
            rule("group", srcs),
            rule("condition"),
            rule("unit_test", srcs, deps),
            rule("test_suite", Attribute.labels("tests", ""))),
        List.of(),
        List.of(new Macro.Expansion("nothing", "group", Map.of())),
        new Toolbox(
            new ConcatType(),
            new ConcatType(),
            () -> new ExecutionRoot.Host(List.of(), "test"),
            new TreeMap<>(),
            List.of()));
  }

  private static Rule rule(String name, Attribute... attributes) {
    return Rule.of(name, "", new ArrayList<>(List.of(attributes)), _ -> Providers.of());
  }
}
