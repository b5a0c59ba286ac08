package dev.athanor.remote.execution;

import build.bazel.remote.execution.v2.Action;
import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.Command;
import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.DirectoryNode;
import build.bazel.remote.execution.v2.ExecuteResponse;
import build.bazel.remote.execution.v2.FileNode;
import build.bazel.remote.execution.v2.OutputDirectory;
import build.bazel.remote.execution.v2.OutputFile;
import build.bazel.remote.execution.v2.OutputSymlink;
import build.bazel.remote.execution.v2.SymlinkNode;
import build.bazel.remote.execution.v2.Tree;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.Status;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Runs actions as a worker of the Remote Execution API does, each in a directory of its own.
public final class TestWorker {
  private final BlobStore store;
  private final Path folder;

  /// Whether directories are named by their `Directory` messages, and by no `Tree`.
  public volatile boolean rootDirectories;

  /// Whether what commands print is stored, however short it is.
  public volatile boolean storesPrinted;

  private volatile Program program = TestWorker::process;

  /// Runs a command in a directory that was laid out for it.
  @FunctionalInterface
  public interface Program {
    /// @return the exit code; negative when it ran out of time
    int run(Command command, Path directory, Printed printed, Duration limit)
        throws IOException, InterruptedException;
  }

  /// Where a command prints to.
  public record Printed(Path stdout, Path stderr) {}

  /// @param folder for the directories of actions
  public TestWorker(BlobStore store, Path folder) {
    this.store = store;
    this.folder = folder;
  }

  /// Runs commands by other means than processes.
  public TestWorker with(Program other) {
    program = other;
    return this;
  }

  ExecuteResponse run(Digest digest) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(folder, "action");
    try {
      Action action = Action.parseFrom(store.read(digest));
      Command command = Command.parseFrom(store.read(Trees.digest(action.getCommandDigest())));
      PreconditionFailure.Builder missing = PreconditionFailure.newBuilder();
      Path root = Files.createDirectory(directory.resolve("root"));
      layOut(Trees.digest(action.getInputRootDigest()), root, missing);
      if (missing.getViolationsCount() > 0) {
        return refusal(missing.build());
      }
      for (String output : command.getOutputPathsList()) {
        Files.createDirectories(root.resolve(output).getParent());
      }
      Printed printed =
          new Printed(
              Files.createFile(directory.resolve("stdout")),
              Files.createFile(directory.resolve("stderr")));
      Duration limit =
          action.hasTimeout()
              ? Duration.ofSeconds(action.getTimeout().getSeconds(), action.getTimeout().getNanos())
              : Duration.ofMinutes(5);
      int code = program.run(command, root, printed, limit);
      ExecuteResponse.Builder response =
          ExecuteResponse.newBuilder().setResult(result(command, root, printed, code));
      if (code < 0) {
        response.setStatus(Status.newBuilder().setCode(Code.DEADLINE_EXCEEDED_VALUE));
      }
      return response.build();
    } catch (MissingBlobException e) {
      PreconditionFailure.Builder missing = PreconditionFailure.newBuilder();
      note(e.digest(), missing);
      return refusal(missing.build());
    } finally {
      delete(directory);
    }
  }

  private static ExecuteResponse refusal(PreconditionFailure missing) {
    return ExecuteResponse.newBuilder().setStatus(status(missing)).build();
  }

  private static Status status(PreconditionFailure missing) {
    return Status.newBuilder()
        .setCode(Code.FAILED_PRECONDITION_VALUE)
        .setMessage("blobs are missing")
        .addDetails(Any.pack(missing))
        .build();
  }

  /// What a server says that lacks these blobs.
  static Status lacking(List<Digest> blobs) {
    PreconditionFailure.Builder missing = PreconditionFailure.newBuilder();
    blobs.forEach(blob -> note(blob, missing));
    return status(missing.build());
  }

  private static void note(Digest digest, PreconditionFailure.Builder missing) {
    missing
        .addViolationsBuilder()
        .setType("MISSING")
        .setSubject("blobs/" + digest.hex() + "/" + digest.size());
  }

  private void layOut(Digest digest, Path at, PreconditionFailure.Builder missing)
      throws IOException {
    if (!store.contains(digest)) {
      note(digest, missing);
      return;
    }
    Directory directory = Directory.parseFrom(store.read(digest));
    for (FileNode file : directory.getFilesList()) {
      Digest content = Trees.digest(file.getDigest());
      if (!store.contains(content)) {
        note(content, missing);
        continue;
      }
      Path path = at.resolve(file.getName());
      try (InputStream in = store.open(content)) {
        Files.copy(in, path);
      }
      Files.setPosixFilePermissions(
          path,
          PosixFilePermissions.fromString(file.getIsExecutable() ? "r-xr-xr-x" : "r--r--r--"));
    }
    for (SymlinkNode link : directory.getSymlinksList()) {
      Files.createSymbolicLink(at.resolve(link.getName()), Path.of(link.getTarget()));
    }
    for (DirectoryNode child : directory.getDirectoriesList()) {
      layOut(
          Trees.digest(child.getDigest()),
          Files.createDirectory(at.resolve(child.getName())),
          missing);
    }
  }

  /// The usual way.
  public static int process(Command command, Path directory, Printed printed, Duration limit)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command.getArgumentsList())
            .directory(directory.toFile())
            .redirectOutput(printed.stdout().toFile())
            .redirectError(printed.stderr().toFile());
    builder.environment().clear();
    command
        .getEnvironmentVariablesList()
        .forEach(variable -> builder.environment().put(variable.getName(), variable.getValue()));
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      var _ = process.destroyForcibly();
    }
  }

  private ActionResult result(Command command, Path root, Printed printed, int code)
      throws IOException {
    ActionResult.Builder result = ActionResult.newBuilder().setExitCode(Math.max(0, code));
    for (String output : command.getOutputPathsList()) {
      Path path = root.resolve(output);
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        add(output, Trees.capture(path, store), result);
      }
    }
    byte[] stdout = Files.readAllBytes(printed.stdout());
    byte[] stderr = Files.readAllBytes(printed.stderr());
    if (storesPrinted) {
      result.setStdoutDigest(Trees.wire(store.put(stdout)));
      result.setStderrDigest(Trees.wire(store.put(stderr)));
    } else {
      result.setStdoutRaw(ByteString.copyFrom(stdout));
      result.setStderrRaw(ByteString.copyFrom(stderr));
    }
    return result.build();
  }

  private void add(String path, Content content, ActionResult.Builder result) throws IOException {
    switch (content) {
      case Content.File(var digest, var executable) ->
          result.addOutputFiles(
              OutputFile.newBuilder()
                  .setPath(path)
                  .setDigest(Trees.wire(digest))
                  .setIsExecutable(executable));
      case Content.Symlink(var target) ->
          result.addOutputSymlinks(OutputSymlink.newBuilder().setPath(path).setTarget(target));
      case Content.Tree(var digest) -> {
        OutputDirectory.Builder directory = OutputDirectory.newBuilder().setPath(path);
        if (rootDirectories) {
          directory.setRootDirectoryDigest(Trees.wire(digest));
        } else {
          Tree.Builder tree = Tree.newBuilder().setRoot(Trees.directory(digest, store));
          addChildren(tree.getRoot(), tree);
          directory.setTreeDigest(Trees.wire(store.put(tree.build().toByteArray())));
        }
        result.addOutputDirectories(directory);
      }
    }
  }

  private void addChildren(Directory directory, Tree.Builder tree) throws IOException {
    for (DirectoryNode child : directory.getDirectoriesList()) {
      Directory message = Trees.directory(Trees.digest(child.getDigest()), store);
      tree.addChildren(message);
      addChildren(message, tree);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
