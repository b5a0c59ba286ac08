package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.session.Goal;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.LayerReader;
import dev.athanor.oci.layer.Limits;
import dev.athanor.oci.layer.ReadLayer;
import dev.athanor.oci.layout.ArchiveWriter;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.rootfs.Listing;
import dev.athanor.oci.rootfs.Node;
import dev.athanor.oci.rootfs.RootFs;
import dev.athanor.oci.validate.Finding;
import dev.athanor.oci.validate.LayoutValidator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.commons.cli.Options;

/// `athanor image`: looks into images.
final class ImageCommand implements Command {
  private static final String LAYERS = "layers";

  @Override
  public String name() {
    return "image";
  }

  @Override
  public String usage() {
    return "inspect|ls|cat|diff|validate|export IMAGE [...]";
  }

  @Override
  public String summary() {
    return "Looks into images: configuration, files, differences, soundness.";
  }

  @Override
  public String description() {
    return """
    inspect IMAGE     digest, configuration and layers
    ls IMAGE          every file with its mode, owner and size; with --layers, what each layer does
    cat IMAGE PATH    a file's bytes; symlinks are followed within the image
    diff A B          what makes the files of B out of those of A: + came, - is gone, ~ is different
    validate IMAGE    each rule of the image specification that it breaks, by id; also for a
                      directory with an image layout
    export IMAGE FILE an archive for `docker load`, `podman load` and `skopeo`

    What has to be built is built first. --json gives the same to programs.\
    """;
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(
            GlobalFlags.flag(null, LAYERS, "list files layer by layer, as they are in tars"));
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    List<String> words = invocation.arguments();
    String what = words.isEmpty() ? "" : words.getFirst();
    PrintStream out = invocation.terminal().out();
    return switch (what) {
      case "inspect" -> inspect(invocation, out);
      case "ls" ->
          invocation.options().hasOption(LAYERS) ? layers(invocation, out) : files(invocation, out);
      case "cat" -> cat(invocation, out);
      case "diff" -> diff(invocation, out);
      case "validate" -> validate(invocation, out);
      case "export" -> export(invocation, out);
      default -> throw wrong("image knows no '" + what + "'");
    };
  }

  private UserException wrong(String message) {
    return new UserException(message, "usage: athanor image " + usage());
  }

  /// The words behind the first one.
  private List<String> words(Invocation invocation, int count) {
    List<String> words = invocation.arguments().subList(1, invocation.arguments().size());
    if (words.size() != count) {
      throw wrong(
          invocation.arguments().getFirst()
              + " takes "
              + count
              + (count == 1 ? " word" : " words")
              + ", got "
              + words.size());
    }
    return words;
  }

  /// What to do with images that were built.
  private interface Use {
    ExitCode with(List<OpenImage> images, Workbench bench) throws IOException;
  }

  private static ExitCode build(
      Invocation invocation, List<String> targets, OpenImage.Need need, Use use)
      throws IOException, InterruptedException {
    try (Workbench bench = new Workbench(invocation)) {
      AtomicReference<List<OpenImage>> opened = new AtomicReference<>(List.of());
      BuildResult result =
          bench.session.build(
              Goal.of("image " + need, target -> OpenImage.choose(target, need)),
              bench.patterns(targets),
              built -> opened.set(OpenImage.of(built, bench.blobs)));
      bench.console.close();
      return result.summary().success()
          ? use.with(opened.get(), bench)
          : ExitCode.of(result.summary());
    }
  }

  private ExitCode inspect(Invocation invocation, PrintStream out)
      throws IOException, InterruptedException {
    return build(
        invocation,
        words(invocation, 1),
        OpenImage.Need.NOTHING,
        (images, _) -> {
          for (OpenImage image : images) {
            if (invocation.json()) {
              out.println(PrettyJson.of(ImageText.json(image)));
            } else {
              ImageText.lines(image).forEach(out::println);
            }
          }
          return ExitCode.SUCCESS;
        });
  }

  private ExitCode files(Invocation invocation, PrintStream out)
      throws IOException, InterruptedException {
    return build(
        invocation,
        words(invocation, 1),
        OpenImage.Need.ROOTFS,
        (images, bench) -> {
          for (OpenImage image : images) {
            List<ImageFiles.Line> lines = ImageFiles.of(image.rootfs().orElseThrow(), bench.blobs);
            if (invocation.json()) {
              print("files", array(lines, ImageFiles.Line::json), out);
            } else {
              lines.forEach(line -> out.println(line.text()));
            }
          }
          return ExitCode.SUCCESS;
        });
  }

  private static <T> JsonArray array(List<T> values, Function<T, JsonObject> json) {
    JsonArray array = new JsonArray();
    values.forEach(value -> array.add(json.apply(value)));
    return array;
  }

  /// An object with one member.
  private static void print(String name, JsonArray values, PrintStream out) {
    JsonObject json = new JsonObject();
    json.add(name, values);
    out.println(PrettyJson.of(json));
  }

  private ExitCode layers(Invocation invocation, PrintStream out)
      throws IOException, InterruptedException {
    return build(
        invocation,
        words(invocation, 1),
        OpenImage.Need.LAYERS,
        (images, bench) -> {
          LayerReader reader = new LayerReader(bench.blobs, Limits.DEFAULT);
          JsonArray all = new JsonArray();
          for (OpenImage image : images) {
            List<String> heads = ImageText.layers(image);
            for (int i = 0; i < heads.size(); i++) {
              Descriptor layer = image.manifest().layers().get(i);
              ReadLayer read = reader.read(layer.blob(), image.config().diffIds().get(i).sha256());
              List<ImageFiles.Line> lines = read.entries().stream().map(ImageFiles::line).toList();
              if (invocation.json()) {
                JsonObject json = new JsonObject();
                json.addProperty("layer", layer.digest().toString());
                json.addProperty("size", layer.size());
                json.add("files", array(lines, ImageFiles.Line::json));
                all.add(json);
              } else {
                out.println(heads.get(i).strip());
                lines.forEach(line -> out.println("  " + line.text()));
              }
            }
          }
          if (invocation.json()) {
            print(LAYERS, all, out);
          }
          return ExitCode.SUCCESS;
        });
  }

  private ExitCode cat(Invocation invocation, PrintStream out)
      throws IOException, InterruptedException {
    List<String> words = words(invocation, 2);
    return build(
        invocation,
        words.subList(0, 1),
        OpenImage.Need.ROOTFS,
        (images, bench) -> {
          RootFs rootfs = images.getFirst().rootfs().orElseThrow();
          try (Contents contents = new Contents(bench.blobs, rootfs.packs())) {
            Node.File file = ImageFiles.file(words.getLast(), new Listing(rootfs, contents));
            try (InputStream in = contents.open(file.content())) {
              in.transferTo(out);
            }
          }
          out.flush();
          return ExitCode.SUCCESS;
        });
  }

  private ExitCode diff(Invocation invocation, PrintStream out)
      throws IOException, InterruptedException {
    return build(
        invocation,
        words(invocation, 2),
        OpenImage.Need.ROOTFS,
        (images, bench) -> {
          // A target that is named twice is there once.
          List<ImageChanges.Change> changes =
              ImageChanges.between(
                  images.getFirst().rootfs().orElseThrow(),
                  images.getLast().rootfs().orElseThrow(),
                  bench.blobs);
          if (invocation.json()) {
            print("changes", array(changes, ImageChanges.Change::json), out);
          } else {
            changes.forEach(change -> out.println(change.text()));
          }
          return ExitCode.SUCCESS;
        });
  }

  private ExitCode validate(Invocation invocation, PrintStream out)
      throws IOException, InterruptedException {
    String word = words(invocation, 1).getFirst();
    Path directory = OpenWorkspace.of(invocation).flags().directory().resolve(word);
    if (!word.contains(":") && Files.isDirectory(directory)) {
      return report(LayoutValidator.validate(directory, false), invocation, out);
    }
    return build(
        invocation,
        List.of(word),
        OpenImage.Need.LAYOUT,
        (images, bench) -> {
          List<Finding> findings = new ArrayList<>();
          for (OpenImage image : images) {
            for (String output : image.outputs()) {
              Path layout = bench.outputs.folder().resolve(output);
              findings.addAll(LayoutValidator.validate(layout, false));
            }
          }
          return report(findings, invocation, out);
        });
  }

  private static ExitCode report(List<Finding> findings, Invocation invocation, PrintStream out) {
    long errors = findings.stream().filter(Finding::isError).count();
    if (invocation.json()) {
      print("findings", array(findings, ImageCommand::json), out);
    } else {
      findings.forEach(out::println);
      out.println(errors == 0 ? "sound" : errors + " rules are broken");
    }
    return errors == 0 ? ExitCode.SUCCESS : ExitCode.BUILD_FAILED;
  }

  private static JsonObject json(Finding finding) {
    JsonObject json = new JsonObject();
    json.addProperty("rule", finding.rule().id());
    json.addProperty("severity", finding.isError() ? "error" : "warning");
    json.addProperty("where", finding.where());
    json.addProperty("problem", finding.problem());
    return json;
  }

  private ExitCode export(Invocation invocation, PrintStream out)
      throws IOException, InterruptedException {
    List<String> words = words(invocation, 2);
    Path file = OpenWorkspace.of(invocation).flags().directory().resolve(words.getLast());
    return build(
        invocation,
        words.subList(0, 1),
        OpenImage.Need.LAYERS,
        (images, bench) -> {
          List<ArchiveWriter.Named> named =
              images.stream()
                  .map(it ->
                      new ArchiveWriter.Named(
                          Optional.of(reference(it.label())), it.image().manifest()))
                  .toList();
          Path partial = file.resolveSibling(file.getFileName() + ".part");
          try (OutputStream archive = Files.newOutputStream(partial)) {
            ArchiveWriter.write(archive, named, bench.blobs);
          } catch (IOException e) {
            Files.deleteIfExists(partial);
            throw e;
          }
          Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
          named.forEach(image -> out.println(bench.shown(file) + " " + image.name().orElseThrow()));
          return ExitCode.SUCCESS;
        });
  }

  /// What a loader is to call the image: `//app:server` becomes `athanor/app/server:latest`.
  private static Reference reference(String label) {
    String path = label.replaceFirst("^@?[^/]*//", "").replace(':', '/').toLowerCase(Locale.ROOT);
    return Reference.parse(
        "localhost/athanor/"
            + path.replaceFirst("^/", "").replaceAll("[^a-z0-9/._-]", "-")
            + ":latest");
  }
}
