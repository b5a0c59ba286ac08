package dev.athanor.cli;

import dev.athanor.engine.UserException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Options;

/// `athanor image`: looks into images.
final class ImageCommand implements Command {
  static final String LAYERS = "layers";
  static final String ROOTFS = "rootfs";
  static final String CONTENTS = "contents";

  /// What is done with images that are there.
  private interface Use {
    ExitCode with(ImageCall call) throws IOException;
  }

  /// @param words how many stand behind it; all of them but a place to write to name images
  /// @param images how many of the words do
  private record Verb(int words, int images, OpenImage.Need need, Use use) {}

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

  private static Optional<Verb> verb(Invocation invocation) {
    boolean layers = invocation.options().hasOption(LAYERS);
    String name = invocation.arguments().isEmpty() ? "" : invocation.arguments().getFirst();
    return Optional.ofNullable(
        switch (name) {
          case "inspect" -> new Verb(1, 1, OpenImage.Need.NOTHING, ImageViews::inspect);
          case "ls" ->
              layers
                  ? new Verb(1, 1, OpenImage.Need.LAYERS, ImageViews::layers)
                  : new Verb(1, 1, OpenImage.Need.ROOTFS, ImageViews::files);
          case "cat" -> new Verb(2, 1, OpenImage.Need.ROOTFS, ImageViews::cat);
          case "diff" -> new Verb(2, 2, OpenImage.Need.ROOTFS, ImageViews::diff);
          case "validate" -> new Verb(1, 1, OpenImage.Need.LAYOUT, ImageViews::validate);
          case "export" -> new Verb(2, 1, OpenImage.Need.LAYERS, ImageMoves::export);
          case "import" -> new Verb(2, 1, OpenImage.Need.LAYERS, ImageMoves::bringIn);
          case "unpack" -> new Verb(2, 1, OpenImage.Need.ROOTFS, ImageMoves::unpack);
          case "repack" -> new Verb(2, 0, OpenImage.Need.NOTHING, ImageMoves::repack);
          default -> null;
        });
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    List<String> arguments = invocation.arguments();
    String name = arguments.isEmpty() ? "" : arguments.getFirst();
    Verb verb = verb(invocation).orElseThrow(() -> wrong("image knows no '" + name + "'"));
    List<String> words = arguments.subList(1, arguments.size());
    if (words.size() != verb.words()) {
      String wanted = verb.words() + (verb.words() == 1 ? " word" : " words");
      throw wrong(name + " takes " + wanted + ", got " + words.size());
    }
    if (name.equals("validate") && ImageViews.isLayout(invocation, words.getFirst())) {
      return ImageViews.validateLayout(invocation, words.getFirst());
    }
    List<String> named = words.subList(0, verb.images());
    try (ImageDesk desk = ImageDesk.open(invocation, named, verb.need())) {
      return desk.images().isPresent()
          ? verb.use().with(new ImageCall(invocation, words, desk.images().get(), desk.blobs()))
          : desk.failure();
    }
  }

  private UserException wrong(String message) {
    return new UserException(message, "usage: athanor image " + usage());
  }
}
