package dev.athanor.engine.action;

import build.bazel.remote.execution.v2.ExecutedActionMetadata;
import build.bazel.remote.execution.v2.OutputDirectory;
import build.bazel.remote.execution.v2.OutputFile;
import build.bazel.remote.execution.v2.OutputSymlink;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What an action made.
///
/// @param outputs by path; every declared output is there
/// @param references blobs that outputs name by digest without being outputs
/// @param stdout what a command printed; [Digest#EMPTY] for a built-in
/// @param hermetic whether it was made of nothing but what the action's key tells. What was not
///   counts only where nothing better can be had, and is not to be shared
public record ActionResult(
    SortedMap<RelativePath, Content> outputs,
    Set<Digest> references,
    Digest stdout,
    Digest stderr,
    boolean hermetic) {
  /// References travel as output files below this name, which no artifact can have: every cache
  /// then keeps the blobs alive with the entry, whether it knows of us or not.
  private static final String REFERENCES = ".references/";

  /// Stands for the worker of a result that is not hermetic: the one field that every cache keeps
  /// and nobody else reads.
  private static final String NOT_HERMETIC = "athanor: not hermetic";

  public ActionResult {
    outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
    references = Set.copyOf(references);
  }

  /// As the Remote Execution API has it.
  public build.bazel.remote.execution.v2.ActionResult toWire() {
    var wire = build.bazel.remote.execution.v2.ActionResult.newBuilder();
    outputs.forEach((path, content) -> {
      switch (content) {
        case Content.File(var digest, var executable) ->
            wire.addOutputFiles(
                OutputFile.newBuilder()
                    .setPath(path.text())
                    .setDigest(Trees.wire(digest))
                    .setIsExecutable(executable));
        case Content.Tree(var digest) ->
            wire.addOutputDirectories(
                OutputDirectory.newBuilder()
                    .setPath(path.text())
                    .setRootDirectoryDigest(Trees.wire(digest)));
        case Content.Symlink(var target) ->
            wire.addOutputSymlinks(
                OutputSymlink.newBuilder().setPath(path.text()).setTarget(target));
      }
    });
    references.stream()
        .sorted()
        .forEach(digest ->
            wire.addOutputFiles(
                OutputFile.newBuilder()
                    .setPath(REFERENCES + digest.hex())
                    .setDigest(Trees.wire(digest))));
    if (!stdout.equals(Digest.EMPTY)) {
      wire.setStdoutDigest(Trees.wire(stdout));
    }
    if (!stderr.equals(Digest.EMPTY)) {
      wire.setStderrDigest(Trees.wire(stderr));
    }
    if (!hermetic) {
      wire.setExecutionMetadata(ExecutedActionMetadata.newBuilder().setWorker(NOT_HERMETIC));
    }
    return wire.build();
  }

  /// Reads what [#toWire] wrote.
  ///
  /// @throws IllegalArgumentException when a digest or path in it is malformed
  public static ActionResult ofWire(build.bazel.remote.execution.v2.ActionResult wire) {
    Map<RelativePath, Content> outputs = new TreeMap<>();
    Set<Digest> references = new HashSet<>();
    for (OutputFile file : wire.getOutputFilesList()) {
      Digest digest = Trees.digest(file.getDigest());
      if (file.getPath().startsWith(REFERENCES)) {
        references.add(digest);
      } else {
        outputs.put(
            RelativePath.of(file.getPath()), new Content.File(digest, file.getIsExecutable()));
      }
    }
    for (OutputDirectory directory : wire.getOutputDirectoriesList()) {
      outputs.put(
          RelativePath.of(directory.getPath()),
          new Content.Tree(Trees.digest(directory.getRootDirectoryDigest())));
    }
    for (OutputSymlink link : wire.getOutputSymlinksList()) {
      outputs.put(RelativePath.of(link.getPath()), new Content.Symlink(link.getTarget()));
    }
    return new ActionResult(
        new TreeMap<>(outputs),
        references,
        wire.hasStdoutDigest() ? Trees.digest(wire.getStdoutDigest()) : Digest.EMPTY,
        wire.hasStderrDigest() ? Trees.digest(wire.getStderrDigest()) : Digest.EMPTY,
        isHermetic(wire));
  }

  /// Whether a result may be shared, whoever made it.
  public static boolean isHermetic(build.bazel.remote.execution.v2.ActionResult wire) {
    return !wire.getExecutionMetadata().getWorker().equals(NOT_HERMETIC);
  }
}
