package dev.athanor.remote.server;

import build.bazel.remote.execution.v2.ActionCacheGrpc;
import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.GetActionResultRequest;
import build.bazel.remote.execution.v2.OutputDirectory;
import build.bazel.remote.execution.v2.OutputFile;
import build.bazel.remote.execution.v2.UpdateActionResultRequest;
import com.google.protobuf.ByteString;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Trees;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;

/// Results by the digests of actions.
final class ActionCacheService extends ActionCacheGrpc.ActionCacheImplBase {
  private final Shelf shelf;
  private final Metrics metrics;

  ActionCacheService(Shelf shelf, Metrics metrics) {
    this.shelf = shelf;
    this.metrics = metrics;
  }

  @Override
  public void getActionResult(GetActionResultRequest request, StreamObserver<ActionResult> to) {
    Failures.answer(
        to,
        () -> {
          Digest key = Digests.parse(request.getActionDigest(), request.getDigestFunctionValue());
          ActionResult result =
              shelf
                  .result(key.hash())
                  .map(Shelf.Kept::message)
                  .orElseThrow(() ->
                      Status.NOT_FOUND
                          .withDescription("no result of the action " + key)
                          .asRuntimeException());
          metrics.sent(result.getSerializedSize());
          return new Inlining(request, result).run();
        });
  }

  @Override
  public void updateActionResult(
      UpdateActionResultRequest request, StreamObserver<ActionResult> to) {
    Failures.answer(
        to,
        () -> {
          Digest key = Digests.parse(request.getActionDigest(), request.getDigestFunctionValue());
          ActionResult result = request.getActionResult();
          check(result);
          shelf.putResult(key.hash(), result.toByteArray());
          metrics.received(result.getSerializedSize());
          return result;
        });
  }

  /// A result may come before its blobs, but it must name blobs.
  ///
  /// @throws IllegalArgumentException when it has a malformed digest
  static void check(ActionResult result) {
    result.getOutputFilesList().forEach(file -> Digests.check(file.getDigest()));
    for (OutputDirectory directory : result.getOutputDirectoriesList()) {
      if (!directory.hasTreeDigest() && !directory.hasRootDirectoryDigest()) {
        throw new IllegalArgumentException(
            "the output directory '" + directory.getPath() + "' has no digest");
      }
      if (directory.hasTreeDigest()) {
        Digests.check(directory.getTreeDigest());
      }
      if (directory.hasRootDirectoryDigest()) {
        Digests.check(directory.getRootDirectoryDigest());
      }
    }
    if (result.hasStdoutDigest()) {
      Digests.check(result.getStdoutDigest());
    }
    if (result.hasStderrDigest()) {
      Digests.check(result.getStderrDigest());
    }
  }

  /// Puts the contents of blobs into a result, as far as somebody wants that and a message has
  /// room.
  private final class Inlining {
    private final GetActionResultRequest request;
    private final ActionResult.Builder result;
    private long size;

    Inlining(GetActionResultRequest request, ActionResult result) {
      this.request = request;
      this.result = result.toBuilder();
      this.size = result.getSerializedSize();
    }

    ActionResult run() throws IOException {
      try {
        if (request.getInlineStdout()
            && result.hasStdoutDigest()
            && fits(result.getStdoutDigest())) {
          result.setStdoutRaw(contents(result.getStdoutDigest()));
        }
        if (request.getInlineStderr()
            && result.hasStderrDigest()
            && fits(result.getStderrDigest())) {
          result.setStderrRaw(contents(result.getStderrDigest()));
        }
        for (OutputFile.Builder file : result.getOutputFilesBuilderList()) {
          boolean wanted = request.getInlineOutputFilesList().contains(file.getPath());
          if (wanted && fits(file.getDigest())) {
            file.setContents(contents(file.getDigest()));
          }
        }
      } catch (MissingBlobException e) {
        // It went this moment, and nobody has to be told what it held.
      }
      return result.build();
    }

    private boolean fits(build.bazel.remote.execution.v2.Digest digest) {
      boolean fits = Batches.fits(size, digest.getSizeBytes());
      size += fits ? digest.getSizeBytes() : 0;
      return fits;
    }

    private ByteString contents(build.bazel.remote.execution.v2.Digest digest) throws IOException {
      metrics.sent(digest.getSizeBytes());
      return ByteString.copyFrom(shelf.read(Trees.digest(digest)));
    }
  }
}
