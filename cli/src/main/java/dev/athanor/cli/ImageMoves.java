package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.oci.layer.Layer;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The verbs of `athanor image` that bring images in and out.
final class ImageMoves {
  private ImageMoves() {}

  static ExitCode export(ImageCall call) throws IOException {
    String file = call.words().getLast();
    for (String name : ImageArchives.export(call.images(), call.path(file), call.blobs())) {
      call.out().println(file + " " + name);
    }
    return ExitCode.SUCCESS;
  }

  static ExitCode bringIn(ImageCall call) throws IOException {
    OpenImage image = call.only();
    String directory = call.words().getLast();
    ImageArchives.layout(image, image.tag(), call.path(directory), call.blobs());
    call.out().println(directory + "@" + image.manifest().descriptor().digest());
    return ExitCode.SUCCESS;
  }

  static ExitCode unpack(ImageCall call) throws IOException {
    String directory = call.words().getLast();
    ImageBundle bundle = bundle(call, directory);
    OpenImage image = call.only();
    boolean alone = call.invocation().options().hasOption(ImageCommand.ROOTFS);
    List<String> remarks = alone ? bundle.unpackRootfs(image) : bundle.unpack(image);
    PrintStream err = call.invocation().terminal().err();
    remarks.forEach(remark -> err.println("warning: " + remark));
    call.out().println(directory);
    return ExitCode.SUCCESS;
  }

  static ExitCode repack(ImageCall call) throws IOException {
    String file = call.words().getLast();
    Optional<Layer> layer =
        bundle(call, call.words().getFirst()).repack(call.path(file), clamp(call.invocation()));
    if (layer.isEmpty()) {
      call.invocation().terminal().err().println("nothing was changed");
    } else {
      call.out().println(file + "@sha256:" + layer.get().digest().hex());
      call.out().println("  diff id  sha256:" + layer.get().diffId().hex());
    }
    return ExitCode.SUCCESS;
  }

  private static ImageBundle bundle(ImageCall call, String directory) {
    int jobs = GlobalFlags.jobs(call.invocation().options());
    return new ImageBundle(call.path(directory), call.blobs(), jobs);
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
}
