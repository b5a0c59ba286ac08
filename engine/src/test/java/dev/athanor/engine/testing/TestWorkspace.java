package dev.athanor.engine.testing;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.analysis.TargetKey;
import dev.athanor.engine.graph.Graph;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.loading.Packages;
import dev.athanor.engine.loading.Workspace;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.ConfigSetting;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.DefaultInfo;
import dev.athanor.engine.rule.Macro;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.engine.rule.RuleSet;
import dev.athanor.engine.rule.Toolbox;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A workspace in memory, with a few small rules: `text` (writes its `content` and its
/// dependencies' files), `setting` (a condition for select) and the macro `texts`.
public final class TestWorkspace {
  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private final Path root = files.getPath("/w");
  public final ConcatType concat = new ConcatType();
  private dev.athanor.engine.rule.Configuration configuration =
      dev.athanor.engine.rule.Configuration.DEFAULT;

  public TestWorkspace() {
    write("WORKSPACE", "");
  }

  /// Writes a file, and the directories above it.
  public TestWorkspace write(String path, String text) {
    Path file = root.resolve(path);
    try {
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public TestWorkspace define(String flag, String value) {
    configuration = configuration.withFlags(new TreeMap<>(Map.of(flag, value)));
    return this;
  }

  /// The target, analysed from the files as they are now.
  public ConfiguredTarget analyze(String label) throws InterruptedException {
    return new Graph().get(new TargetKey(packages(), Label.parseAbsolute(label), configuration));
  }

  /// The labels that the patterns name.
  public List<String> expand(String... patterns) throws InterruptedException {
    List<TargetPattern> parsed = new ArrayList<>();
    for (String pattern : patterns) {
      parsed.add(TargetPattern.parse(pattern, RelativePath.ROOT));
    }
    return packages().expand(parsed, new Graph()).stream().map(Label::toString).toList();
  }

  public Packages packages() {
    return new Packages(Workspace.find(root), rules());
  }

  private RuleSet rules() {
    Rule text =
        Rule.of(
            "text",
            "Writes text.",
            List.of(
                Attribute.string("content", "The text.").orElse(""),
                Attribute.strings("words", "Words.").scalarOrList(),
                Attribute.integer("number", "A number."),
                Attribute.string("mode", "How.").oneOf("plain", "fancy").orElse("plain"),
                Attribute.label("base", "One.").scalarOrList().word("nothing", "//:void"),
                Attribute.labels("deps", "Others.").alias("dependencies"),
                Attribute.stringMap("map", "Pairs."),
                Attribute.outputs("outs", "Files.")),
            this::text);
    Rule setting =
        Rule.of(
            "setting",
            "A condition.",
            List.of(Attribute.stringMap("flags", "Flags.")),
            context -> {
              TreeMap<String, String> wanted = new TreeMap<>();
              context
                  .attributes()
                  .stringMap("flags")
                  .forEach((name, value) -> wanted.put(ConfigSetting.FLAG + name, value));
              return Providers.of(new ConfigSetting(wanted));
            });
    Macro texts =
        new Macro(
            "texts",
            "Several texts.",
            List.of(Attribute.stringMap("contents", "By name.").required()),
            given ->
                given.stringMap("contents").entrySet().stream()
                    .map(entry ->
                        new Macro.Expansion(
                            given.string("name") + "#" + entry.getKey(),
                            "text",
                            Map.of("content", entry.getValue())))
                    .toList());
    return RuleSet.of(
        List.of(text, setting),
        List.of(texts),
        List.of(new Macro.Expansion("void", "text", Map.of())),
        new Toolbox(
            concat,
            concat,
            () -> new ExecutionRoot.Host(List.of("/usr"), "test"),
            new TreeMap<>(Map.of("PATH", "/bin")),
            List.of()));
  }

  private Providers text(RuleContext context) {
    List<Artifact> inputs = new ArrayList<>(context.files("deps"));
    context
        .dependency("base")
        .ifPresent(base -> inputs.addAll(base.providers().defaultInfo().files()));
    String name = context.label().name();
    List<String> names = new ArrayList<>(context.attributes().strings("outs"));
    if (names.isEmpty()) {
      names.add(name + ".txt");
    }
    List<Artifact.Derived> outputs =
        names.stream().map(out -> Artifact.Derived.file(context.label(), out)).toList();
    context.register(
        new Action.Builtin(
            context.label(),
            concat,
            new TreeMap<>(Map.of("prefix", context.attributes().string("content"))),
            inputs,
            outputs));
    return Providers.of(DefaultInfo.of(outputs));
  }
}
