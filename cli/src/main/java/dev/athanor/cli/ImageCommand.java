package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerReader;
import dev.athanor.oci.layer.Limits;
import dev.athanor.oci.layer.ReadLayer;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.rootfs.Listing;
import dev.athanor.oci.rootfs.Node;
import dev.athanor.oci.rootfs.RootFs;
import dev.athanor.oci.validate.Finding;
import dev.athanor.oci.validate.LayoutValidator;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.commons.cli.Options;

/// `athanor image`: looks into images.
final class ImageCommand implements Command {
  private static final String LAYERS = "layers";
  private static final String ROOTFS = "rootfs";
  private static final String CONTENTS = "contents";

  @Override
  public String name() {
    return "image";
  }

  @Override
  public String usage() {
    return "inspect|ls|cat|diff|validate|export|import|unpack|repack IMAGE [...]";
  }

  @Override
  public String summary() {
    return "Looks into images, and brings them in and out.";
  }

  @Override
  public String description() {
    return """
    inspect IMAGE       digest, configuration and layers
    ls IMAGE            every file with its mode, owner and size; with --layers, what each layer does
    cat IMAGE PATH      a file's bytes; symlinks are followed within the image
    diff A B            what makes the files of B out of those of A: + came, - is gone, ~ is different;
                        with --contents, also what is different inside of files, by their formats
    validate IMAGE      each rule of the image specification that it breaks, by id
    export IMAGE FILE   an archive for `docker load`, `podman load` and `skopeo`
    import IMAGE DIR    a directory with an image layout, out of an archive
    unpack IMAGE DIR    a bundle for runc and crun: config.json, and the root filesystem in rootfs;
                        with --rootfs, the root filesystem alone
    repack DIR LAYER    what was changed in an unpacked bundle, as a layer: .tar, .tar.gz or .tar.zst;
                        SOURCE_DATE_EPOCH bounds its times

    IMAGE is a target, which is built first, an archive of `docker save`, `podman save` or `skopeo`,
    or a directory with an image layout; PATH:TAG chooses among several images. --json gives the
    same to programs.\
    """;
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(GlobalFlags.flag(null, LAYERS, "list files layer by layer, as they are in tars"))
        .addOption(
            GlobalFlags.flag(null, CONTENTS, "tell what differs inside of files that differ"))
        .addOption(GlobalFlags.flag(null, ROOTFS, "unpack nothing but the root filesystem"));
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
      case "import" -> bringIn(invocation, out);
      case "unpack" -> unpack(invocation, out);
      case "repack" -> repack(invocation, out);
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

  /// What to do with images that are there.
  private interface Use {
    ExitCode with(List<OpenImage> images, BlobStore blobs) throws IOException;
  }

  private static ExitCode open(
      Invocation invocation, List<String> words, OpenImage.Need need, Use use)
      throws IOException, InterruptedException {
    try (ImageDesk desk = ImageDesk.open(invocation, words, need)) {
      return desk.images().isPresent()
          ? use.with(desk.images().get(), desk.blobs())
          : desk.failure();
    }
  }

  private ExitCode inspect(Invocation invocation, PrintStream out)
      throws IOException, InterruptedException {
    return open(
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
    return open(
        invocation,
        words(invocation, 1),
        OpenImage.Need.ROOTFS,
        (images, blobs) -> {
          for (OpenImage image : images) {
            List<ImageFiles.Line> lines = ImageFiles.of(image.rootfs().orElseThrow(), blobs);
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
    return open(
        invocation,
        words(invocation, 1),
        OpenImage.Need.LAYERS,
        (images, blobs) -> {
          LayerReader reader = new LayerReader(blobs, Limits.DEFAULT);
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
    return open(
        invocation,
        words.subList(0, 1),
        OpenImage.Need.ROOTFS,
        (images, blobs) -> {
          RootFs rootfs = only(images).rootfs().orElseThrow();
          try (Contents contents = new Contents(blobs, rootfs.packs())) {
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
    return open(
        invocation,
        words(invocation, 2),
        OpenImage.Need.ROOTFS,
        (images, blobs) -> {
          // A target that is named twice is there once.
          RootFs before = images.getFirst().rootfs().orElseThrow();
          RootFs after = images.getLast().rootfs().orElseThrow();
          boolean contents = invocation.options().hasOption(CONTENTS);
          List<ImageChange> changes = ImageChange.between(before, after, blobs, contents);
          if (invocation.json()) {
            print("changes", array(changes, ImageChange::json), out);
          } else {
            changes.forEach(change -> change.lines().forEach(out::println));
          }
          return ExitCode.SUCCESS;
        });
  }

  private ExitCode validate(Invocation invocation, PrintStream out)
      throws IOException, InterruptedException {
    String word = words(invocation, 1).getFirst();
    Path directory = here(invocation).resolve(word);
    // A layout that is broken may not even be seen to be one.
    if (!word.contains(":") && !word.startsWith("//") && looksLikeALayout(directory)) {
      return report(LayoutValidator.validate(directory, false), invocation, out);
    }
    return open(
        invocation,
        List.of(word),
        OpenImage.Need.LAYOUT,
        (images, blobs) -> {
          List<Finding> findings = new ArrayList<>();
          for (OpenImage image : images) {
            findings.addAll(ImageDesk.validate(image, blobs));
          }
          return report(findings, invocation, out);
        });
  }

  private static boolean looksLikeALayout(Path directory) {
    return Stream.of("oci-layout", "index.json", "blobs")
        .anyMatch(name -> Files.exists(directory.resolve(name)));
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
    Path file = here(invocation).resolve(words.getLast());
    return open(
        invocation,
        words.subList(0, 1),
        OpenImage.Need.LAYERS,
        (images, blobs) -> {
          for (String name : ImageArchives.export(images, file, blobs)) {
            out.println(words.getLast() + " " + name);
          }
          return ExitCode.SUCCESS;
        });
  }

  private ExitCode bringIn(Invocation invocation, PrintStream out)
      throws IOException, InterruptedException {
    List<String> words = words(invocation, 2);
    Path directory = here(invocation).resolve(words.getLast());
    return open(
        invocation,
        words.subList(0, 1),
        OpenImage.Need.LAYERS,
        (images, blobs) -> {
          OpenImage image = only(images);
          ImageArchives.layout(image, image.tag(), directory, blobs);
          out.println(words.getLast() + "@" + image.manifest().descriptor().digest());
          return ExitCode.SUCCESS;
        });
  }

  private ExitCode unpack(Invocation invocation, PrintStream out)
      throws IOException, InterruptedException {
    List<String> words = words(invocation, 2);
    Path directory = here(invocation).resolve(words.getLast());
    int jobs = GlobalFlags.jobs(invocation.options());
    boolean alone = invocation.options().hasOption(ROOTFS);
    return open(
        invocation,
        words.subList(0, 1),
        OpenImage.Need.ROOTFS,
        (images, blobs) -> {
          ImageBundle bundle = new ImageBundle(directory, blobs, jobs);
          OpenImage image = only(images);
          List<String> remarks = alone ? bundle.unpackRootfs(image) : bundle.unpack(image);
          remarks.forEach(remark -> invocation.terminal().err().println("warning: " + remark));
          out.println(words.getLast());
          return ExitCode.SUCCESS;
        });
  }

  private ExitCode repack(Invocation invocation, PrintStream out)
      throws IOException, InterruptedException {
    List<String> words = words(invocation, 2);
    Path here = here(invocation);
    GlobalFlags flags = GlobalFlags.anywhere(invocation);
    try (DiskBlobStore blobs = DiskBlobStore.open(flags.cacheDir())) {
      Optional<Layer> layer =
          new ImageBundle(here.resolve(words.getFirst()), blobs, flags.jobs())
              .repack(here.resolve(words.getLast()), clamp(invocation));
      if (layer.isEmpty()) {
        invocation.terminal().err().println("nothing was changed");
      } else {
        out.println(words.getLast() + "@sha256:" + layer.get().digest().hex());
        out.println("  diff id  sha256:" + layer.get().diffId().hex());
      }
      return ExitCode.SUCCESS;
    }
  }

  private static OpenImage only(List<OpenImage> images) {
    if (images.size() != 1) {
      throw new UserException("there are " + images.size() + " images", "name one");
    }
    return images.getFirst();
  }

  private static Optional<Instant> clamp(Invocation invocation) {
    String epoch = invocation.terminal().env().get("SOURCE_DATE_EPOCH");
    if (epoch == null || epoch.isEmpty()) {
      return Optional.empty();
    }
    if (!epoch.matches("[0-9]{1,11}")) {
      throw new UserException(
          "SOURCE_DATE_EPOCH is '" + epoch + "'", "it is a number of seconds since 1970");
    }
    return Optional.of(Instant.ofEpochSecond(Long.parseLong(epoch)));
  }

  private static Path here(Invocation invocation) {
    return GlobalFlags.directory(invocation.options(), invocation.terminal());
  }
}
