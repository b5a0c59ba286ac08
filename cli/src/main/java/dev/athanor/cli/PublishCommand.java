package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.plan.PlannedTarget;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.session.Goal;
import dev.athanor.oci.rule.PublishInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.cli.Options;

/// `athanor publish`: pushes images to their repositories.
final class PublishCommand implements Command {
  /// Why a target is not pushed: a fact of it.
  private static final String SKIPPED = "skipped";

  static final String DRY_RUN = "dry-run";

  @Override
  public String name() {
    return "publish";
  }

  @Override
  public List<String> aliases() {
    return List.of("push");
  }

  @Override
  public boolean isBuild() {
    return true;
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
    error. Layers that the registry has, or can mount from the base's repository, are not sent.
    With `--dry-run` the registries are asked, and nothing is sent.\
    """;
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(GlobalFlags.flag(null, DRY_RUN, "tell what would be pushed, and push nothing"));
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    try (Workbench bench = new Workbench(invocation)) {
      List<TargetPattern> patterns = bench.patterns(invocation.targets());
      BuildReport report = new BuildReport(bench);
      BuildResult result =
          bench.build(
              Goal.of(name(), target -> choose(target, patterns)),
              patterns,
              built -> read(bench, built, report));
      result.plan().targets().stream()
          .filter(target -> target.facts().containsKey(SKIPPED))
          .forEach(target ->
              bench.console.line("skipped " + target.label() + ": " + target.facts().get(SKIPPED)));
      report.print(invocation, result);
      return ExitCode.of(result.summary());
    }
  }

  private static WantedTarget choose(ConfiguredTarget target, List<TargetPattern> patterns) {
    Optional<PublishInfo> info = target.providers().get(PublishInfo.class);
    if (info.isPresent() && info.get().receipts().isEmpty()) {
      return skipped(target, info.get().skipped(), patterns);
    }
    Map<String, List<Artifact>> artifacts = new TreeMap<>();
    if (info.isPresent()) {
      artifacts.put(ImagePart.RECEIPTS, List.copyOf(info.get().receipts()));
      artifacts.putAll(ImagePart.described(target));
    }
    return WantedTarget.of(target.label(), target.rule(), artifacts);
  }

  /// Told in one line, never passed over in silence; an error when the user named this very target.
  private static WantedTarget skipped(
      ConfiguredTarget target, String reason, List<TargetPattern> patterns) {
    if (patterns.contains(new TargetPattern.Single(target.label()))) {
      throw new UserException(
          "cannot publish " + target.label() + ": " + reason,
          "give it a repository, as in repository = \"registry.example.com/team/app\"");
    }
    return WantedTarget.of(target.label(), target.rule(), Map.of()).withFact(SKIPPED, reason);
  }

  private static void read(Workbench bench, BuildResult result, BuildReport report)
      throws IOException {
    report.clear();
    for (PlannedTarget target : result.plan().targets()) {
      int[] receipts = target.references(ImagePart.RECEIPTS);
      if (receipts.length == 0) {
        continue;
      }
      report.add(target, result);
      JsonArray published = new JsonArray();
      for (int receipt : receipts) {
        Optional<Digest> file = ImagePart.file(receipt, result);
        if (file.isPresent()) {
          String text = new String(bench.blobs.read(file.get()), StandardCharsets.UTF_8);
          JsonObject json = JsonParser.parseString(text).getAsJsonObject();
          published.add(json);
          report.line(line(target, json));
        }
      }
      report.addToLast("published", published);
    }
  }

  private static String line(PlannedTarget target, JsonObject receipt) {
    String tags =
        String.join(
            ",",
            receipt.getAsJsonArray("tags").asList().stream()
                .map(tag -> tag.getAsString())
                .toList());
    return target.label()
        + " "
        + receipt.get("repository").getAsString()
        + ":"
        + tags
        + "@"
        + receipt.get("digest").getAsString()
        + remark(receipt);
  }

  private static String remark(JsonObject receipt) {
    if (receipt.get("unchanged").getAsBoolean()) {
      return " (was there)";
    }
    return receipt.get("dryRun").getAsBoolean()
        ? " (not pushed: would send "
            + receipt.get("uploaded").getAsInt()
            + " blobs with "
            + Amounts.text(receipt.get("bytes").getAsLong())
            + ", mount "
            + receipt.get("mounted").getAsInt()
            + ")"
        : "";
  }
}
