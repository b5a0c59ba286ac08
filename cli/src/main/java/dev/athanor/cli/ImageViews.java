package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.LayerReader;
import dev.athanor.oci.layer.Limits;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.rootfs.Listing;
import dev.athanor.oci.rootfs.Node;
import dev.athanor.oci.rootfs.RootFs;
import dev.athanor.oci.validate.Finding;
import dev.athanor.oci.validate.LayoutValidator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The verbs of `athanor image` that look into images.
final class ImageViews {
  private ImageViews() {}

  static ExitCode inspect(ImageCall call) throws IOException {
    for (OpenImage image : call.images()) {
      if (call.invocation().json()) {
        call.out().println(PrettyJson.of(ImageText.json(image)));
      } else {
        ImageText.lines(image).forEach(call.out()::println);
      }
    }
    return ExitCode.SUCCESS;
  }

  static ExitCode files(ImageCall call) throws IOException {
    for (OpenImage image : call.images()) {
      List<ImageFiles.Line> lines = ImageFiles.of(image.rootfs().orElseThrow(), call.blobs());
      ImageCall.print(
          call.invocation(), "files", lines, ImageFiles.Line::json, line -> Stream.of(line.text()));
    }
    return ExitCode.SUCCESS;
  }

  /// A layer with what is in its tar.
  private record LayerFiles(String head, Descriptor layer, List<ImageFiles.Line> files) {
    JsonObject json() {
      JsonArray array = new JsonArray();
      files.forEach(file -> array.add(file.json()));
      JsonObject json = new JsonObject();
      json.addProperty("layer", layer.digest().toString());
      json.addProperty("size", layer.size());
      json.add("files", array);
      return json;
    }

    Stream<String> lines() {
      return Stream.concat(Stream.of(head), files.stream().map(file -> "  " + file.text()));
    }
  }

  static ExitCode layers(ImageCall call) throws IOException {
    LayerReader reader = new LayerReader(call.blobs(), Limits.DEFAULT);
    List<LayerFiles> layers = new ArrayList<>();
    for (OpenImage image : call.images()) {
      List<String> heads = ImageText.layers(image);
      for (int i = 0; i < heads.size(); i++) {
        Descriptor layer = image.manifest().layers().get(i);
        List<ImageFiles.Line> files =
            reader.read(layer.blob(), image.config().diffIds().get(i).sha256()).entries().stream()
                .map(ImageFiles::line)
                .toList();
        layers.add(new LayerFiles(heads.get(i).strip(), layer, files));
      }
    }
    ImageCall.print(
        call.invocation(), ImageCommand.LAYERS, layers, LayerFiles::json, LayerFiles::lines);
    return ExitCode.SUCCESS;
  }

  static ExitCode cat(ImageCall call) throws IOException {
    RootFs rootfs = call.only().rootfs().orElseThrow();
    try (Contents contents = new Contents(call.blobs(), rootfs.packs())) {
      Node.File file = ImageFiles.file(call.words().getLast(), new Listing(rootfs, contents));
      try (InputStream in = contents.open(file.content())) {
        in.transferTo(call.out());
      }
    }
    call.out().flush();
    return ExitCode.SUCCESS;
  }

  static ExitCode diff(ImageCall call) throws IOException {
    // A target that is named twice is there once.
    RootFs before = call.images().getFirst().rootfs().orElseThrow();
    RootFs after = call.images().getLast().rootfs().orElseThrow();
    boolean contents = call.invocation().options().hasOption(ImageCommand.CONTENTS);
    List<ImageChange> changes = ImageChange.between(before, after, call.blobs(), contents);
    ImageCall.print(
        call.invocation(),
        "changes",
        changes,
        ImageChange::json,
        change -> change.lines().stream());
    return ExitCode.SUCCESS;
  }

  static ExitCode validate(ImageCall call) throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (OpenImage image : call.images()) {
      findings.addAll(ImageDesk.validate(image, call.blobs()));
    }
    return report(findings, call.invocation());
  }

  /// Whether the word names a directory with a layout, which may be so broken that nothing else
  /// sees what it is.
  static boolean isLayout(Invocation invocation, String word) {
    Path directory = directory(invocation, word);
    return !word.contains(":")
        && !word.startsWith("//")
        && Stream.of("oci-layout", "index.json", "blobs")
            .anyMatch(name -> Files.exists(directory.resolve(name)));
  }

  static ExitCode validateLayout(Invocation invocation, String word) throws IOException {
    return report(LayoutValidator.validate(directory(invocation, word), false), invocation);
  }

  private static Path directory(Invocation invocation, String word) {
    return GlobalFlags.directory(invocation.options(), invocation.terminal()).resolve(word);
  }

  private static ExitCode report(List<Finding> findings, Invocation invocation) {
    long errors = findings.stream().filter(Finding::isError).count();
    ImageCall.print(
        invocation,
        "findings",
        findings,
        ImageViews::json,
        finding -> Stream.of(finding.toString()));
    if (!invocation.json()) {
      invocation.terminal().out().println(summary(errors));
    }
    return errors == 0 ? ExitCode.SUCCESS : ExitCode.BUILD_FAILED;
  }

  private static String summary(long errors) {
    if (errors == 0) {
      return "sound";
    }
    return errors == 1 ? "1 rule is broken" : errors + " rules are broken";
  }

  private static JsonObject json(Finding finding) {
    JsonObject json = new JsonObject();
    json.addProperty("rule", finding.rule().id());
    json.addProperty("severity", finding.isError() ? "error" : "warning");
    json.addProperty("where", finding.where());
    json.addProperty("problem", finding.problem());
    return json;
  }
}
