package dev.athanor.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.exec.Build;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.tree.Content;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.rule.PublishInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `athanor publish`: pushes images to their repositories.
final class PublishCommand implements Command {
  @Override
  public String name() {
    return "publish";
  }

  @Override
  public List<String> aliases() {
    return List.of("push");
  }

  @Override
  public String usage() {
    return "TARGET...";
  }

  @Override
  public String summary() {
    return "Builds images and pushes them to their repositories.";
  }

  @Override
  public String description() {
    return """
    A target without a repository is skipped, with the reason; naming only such targets is an
    error. Layers that the registry has, or can mount from the base's repository, are not sent.\
    """;
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    try (Workbench bench = new Workbench(invocation)) {
      List<ConfiguredTarget> publishable = new ArrayList<>();
      Set<Artifact> wanted = new LinkedHashSet<>();
      for (ConfiguredTarget target : bench.targets(invocation.targets())) {
        Optional<PublishInfo> info = target.providers().get(PublishInfo.class);
        Optional<Artifact.Derived> receipt = info.flatMap(PublishInfo::receipt);
        if (receipt.isPresent()) {
          publishable.add(target);
          wanted.add(receipt.get());
          target.providers().get(ImageInfo.class).ifPresent(image -> wanted.add(image.image()));
        } else {
          info.ifPresent(skipped -> skip(target.label(), skipped.skipped(), invocation, bench));
        }
      }
      Build.Result result = bench.session.build(publishable, wanted);
      report(bench, publishable, result).print(invocation);
      return result.summary().success() ? ExitCode.SUCCESS : ExitCode.BUILD_FAILED;
    }
  }

  /// One line, never silence; an error when the user named this very target.
  private static void skip(Label label, String reason, Invocation invocation, Workbench bench) {
    boolean named =
        bench.patterns(invocation.arguments()).contains(new TargetPattern.Single(label));
    if (named) {
      throw new UserException(
          "cannot publish " + label + ": " + reason,
          "give it a repository, as in repository = \"registry.example.com/team/app\"");
    }
    bench.console.line("skipped " + label + ": " + reason);
  }

  private static BuildReport report(
      Workbench bench, List<ConfiguredTarget> targets, Build.Result result) throws IOException {
    BuildReport report = new BuildReport(bench, result);
    for (ConfiguredTarget target : targets) {
      report.add(target);
      Artifact.Derived receipt =
          target.providers().get(PublishInfo.class).flatMap(PublishInfo::receipt).orElseThrow();
      if (result.contents().get(receipt) instanceof Content.File(var digest, _)) {
        String text = new String(bench.blobs.read(digest), StandardCharsets.UTF_8);
        JsonObject json = JsonParser.parseString(text).getAsJsonObject();
        report.addToLast("published", json);
        String tags =
            String.join(
                ",",
                json.getAsJsonArray("tags").asList().stream()
                    .map(tag -> tag.getAsString())
                    .toList());
        report.line(
            target.label()
                + " "
                + json.get("repository").getAsString()
                + ":"
                + tags
                + "@"
                + json.get("digest").getAsString()
                + (json.get("unchanged").getAsBoolean() ? " (was there)" : ""));
      }
    }
    return report;
  }
}
