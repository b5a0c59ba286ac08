package dev.athanor.remote.execution;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.ExecuteResponse;
import build.bazel.remote.execution.v2.ExecutedActionMetadata;
import build.bazel.remote.execution.v2.OutputDirectory;
import build.bazel.remote.execution.v2.OutputFile;
import build.bazel.remote.execution.v2.OutputSymlink;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.cas.CorruptBlobException;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.RemoteRunException;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what a server says of a command that it ran. Files stay where they are; directories and
/// what was printed come here, as far as somebody has to look into them.
final class CommandResult {
  private final Fetch fetch;
  private final BlobStore blobs;

  CommandResult(Fetch fetch, BlobStore blobs) {
    this.fetch = fetch;
    this.blobs = blobs;
  }

  /// @param timeout what the command was given
  /// @param oneStream whether errors belong to what it printed. Servers keep the two apart, so that
  ///   errors come last
  SpawnRunner.Result read(ExecuteResponse response, Duration timeout, boolean oneStream)
      throws IOException {
    ActionResult result = response.getResult();
    try {
      Digest stdout = printed(result.getStdoutRaw(), result.getStdoutDigest());
      Digest stderr = printed(result.getStderrRaw(), result.getStderrDigest());
      ExecutedActionMetadata ran = result.getExecutionMetadata();
      boolean late = response.getStatus().getCode() == Code.DEADLINE_EXCEEDED_VALUE;
      Exit exit =
          new Exit(
              late ? new Exit.Cause.TimedOut(timeout) : new Exit.Cause.Code(result.getExitCode()),
              between(ran.getExecutionStartTimestamp(), ran.getExecutionCompletedTimestamp()),
              0);
      return new SpawnRunner.Result(
          exit,
          outputs(result),
          oneStream ? joined(stdout, stderr) : stdout,
          oneStream ? Digest.EMPTY : stderr,
          between(ran.getInputFetchStartTimestamp(), ran.getInputFetchCompletedTimestamp()),
          Optional.empty());
    } catch (MissingBlobException | CorruptBlobException e) {
      throw new RemoteRunException("the remote executor has lost what was made there", false, e);
    } catch (UserException | IllegalArgumentException e) {
      throw new RemoteRunException("the remote executor's result is malformed", false, e);
    }
  }

  /// Everything that the command left at its declared paths.
  Map<RelativePath, Content> outputs(ActionResult result) throws IOException {
    Map<RelativePath, Content> outputs = new HashMap<>();
    for (OutputFile file : result.getOutputFilesList()) {
      Digest digest = Trees.digest(file.getDigest());
      if (digest.size() == 0) {
        // Servers need not keep it.
        var _ = blobs.put(new byte[0]);
      }
      outputs.put(
          RelativePath.of(file.getPath()), new Content.File(digest, file.getIsExecutable()));
    }
    OutputTrees trees = new OutputTrees(fetch, blobs);
    for (OutputDirectory directory : result.getOutputDirectoriesList()) {
      outputs.put(RelativePath.of(directory.getPath()), trees.take(directory));
    }
    // Where older servers put them, and newer ones too, for older clients.
    for (List<OutputSymlink> links :
        List.of(
            result.getOutputFileSymlinksList(),
            result.getOutputDirectorySymlinksList(),
            result.getOutputSymlinksList())) {
      for (OutputSymlink link : links) {
        outputs.put(RelativePath.of(link.getPath()), new Content.Symlink(link.getTarget()));
      }
    }
    return outputs;
  }

  private Digest printed(ByteString raw, build.bazel.remote.execution.v2.Digest stored)
      throws IOException {
    return raw.isEmpty() && stored.getSizeBytes() > 0
        ? Trees.digest(stored)
        : blobs.put(raw.toByteArray());
  }

  private Digest joined(Digest stdout, Digest stderr) throws IOException {
    if (stdout.size() == 0 || stderr.size() == 0) {
      return stdout.size() == 0 ? stderr : stdout;
    }
    try (BlobWriter writer = blobs.write()) {
      for (Digest part : List.of(stdout, stderr)) {
        fetch.blob(part);
        try (InputStream in = blobs.open(part)) {
          in.transferTo(writer);
        }
      }
      return writer.commit();
    }
  }

  private static Duration between(Timestamp start, Timestamp end) {
    Duration time = Duration.between(instant(start), instant(end));
    return time.isNegative() ? Duration.ZERO : time;
  }

  private static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }
}
