package dev.athanor.cli;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.session.Goal;
import dev.athanor.oci.layout.LayoutWriter;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.rootfs.DeleteTree;
import dev.athanor.oci.validate.Finding;
import dev.athanor.oci.validate.LayoutValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// The images that a command was asked for, and the store that has them. Targets are built; for
/// anything else no workspace is needed.
///
/// @param images in the order of the words; empty when a build failed
/// @param failure of the build
record ImageDesk(
    GlobalFlags flags,
    BlobStore blobs,
    Optional<List<OpenImage>> images,
    ExitCode failure,
    Closing closing)
    implements AutoCloseable {
  /// What ends with the desk.
  private interface Closing {
    void close() throws IOException;
  }

  /// Gets the images, and begins to work with them. What turns out lost then is made again.
  interface Work {
    void begin(List<OpenImage> images, BlobStore blobs, GlobalFlags flags)
        throws IOException, InterruptedException;
  }

  static ImageDesk open(Invocation invocation, List<String> words, OpenImage.Need need)
      throws IOException, InterruptedException {
    return open(invocation, words, need, (_, _, _) -> {});
  }

  static ImageDesk open(Invocation invocation, List<String> words, OpenImage.Need need, Work work)
      throws IOException, InterruptedException {
    Path here = GlobalFlags.directory(invocation.options(), invocation.terminal());
    List<Optional<ForeignImage>> foreign =
        words.stream().map(word -> ForeignImage.at(word, here)).toList();
    if (foreign.stream().allMatch(Optional::isPresent)) {
      return withoutBuild(
          invocation, foreign.stream().flatMap(Optional::stream).toList(), need, work);
    }
    Workbench bench = new Workbench(invocation);
    try {
      return built(bench, words, foreign, need, work);
    } catch (IOException | InterruptedException | RuntimeException e) {
      bench.close();
      throw e;
    }
  }

  private static ImageDesk withoutBuild(
      Invocation invocation, List<ForeignImage> foreign, OpenImage.Need need, Work work)
      throws IOException, InterruptedException {
    GlobalFlags flags = GlobalFlags.anywhere(invocation);
    DiskBlobStore blobs = DiskBlobStore.open(flags.cacheDir());
    try {
      List<OpenImage> images = new ArrayList<>();
      for (ForeignImage image : foreign) {
        images.add(image.open(blobs, need, platform(flags), flags.jobs()));
      }
      work.begin(images, blobs, flags);
      return new ImageDesk(flags, blobs, Optional.of(images), ExitCode.SUCCESS, blobs::close);
    } catch (IOException | InterruptedException | RuntimeException e) {
      blobs.close();
      throw e;
    }
  }

  private static Platform platform(GlobalFlags flags) {
    var configuration = flags.configuration();
    return Platform.of(configuration.os(), configuration.architecture(), configuration.variant());
  }

  private static ImageDesk built(
      Workbench bench,
      List<String> words,
      List<Optional<ForeignImage>> foreign,
      OpenImage.Need need,
      Work work)
      throws IOException, InterruptedException {
    List<String> targets = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      if (foreign.get(i).isEmpty()) {
        targets.add(words.get(i));
      }
    }
    AtomicReference<List<OpenImage>> opened = new AtomicReference<>(List.of());
    BuildResult result =
        bench.session.build(
            Goal.of("image " + need, target -> OpenImage.choose(target, need)),
            bench.patterns(targets),
            built -> {
              opened.set(OpenImage.of(built, bench));
              work.begin(opened.get(), bench.blobs, bench.flags);
            });
    bench.console.close();
    if (!result.summary().success()) {
      return new ImageDesk(
          bench.flags, bench.blobs, Optional.empty(), ExitCode.of(result.summary()), bench::close);
    }
    List<OpenImage> images = new ArrayList<>(opened.get());
    // Of two words one may be a target.
    for (int i = 0; i < words.size(); i++) {
      Optional<ForeignImage> other = foreign.get(i);
      if (other.isPresent()) {
        OpenImage image =
            other.get().open(bench.blobs, need, platform(bench.flags), bench.flags.jobs());
        images.add(Math.min(i, images.size()), image);
      }
    }
    return new ImageDesk(
        bench.flags, bench.blobs, Optional.of(images), ExitCode.SUCCESS, bench::close);
  }

  /// Each rule that an image breaks.
  static List<Finding> validate(OpenImage image, BlobStore blobs) throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (Path output : image.outputs()) {
      findings.addAll(
          Files.isDirectory(output)
              ? LayoutValidator.validate(output, false)
              : validateInLayout(image, blobs));
    }
    return findings;
  }

  /// The rules are about layouts, so an image that came in an archive gets one for the moment.
  private static List<Finding> validateInLayout(OpenImage image, BlobStore blobs)
      throws IOException {
    Path folder = Files.createTempDirectory("athanor");
    try {
      Path layout = folder.resolve("layout");
      LayoutWriter.write(layout, List.of(image.image().manifest()), blobs);
      return LayoutValidator.validate(layout, false);
    } finally {
      DeleteTree.delete(folder);
    }
  }

  @Override
  public void close() throws IOException {
    closing.close();
  }
}
