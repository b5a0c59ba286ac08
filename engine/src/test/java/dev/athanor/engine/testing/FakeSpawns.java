package dev.athanor.engine.testing;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;

/// Starts no process, but pretends that each ends as somebody said.
public final class FakeSpawns implements SpawnRunner {
  public final List<Request> requests = new ArrayList<>();
  private final BlobStore blobs;
  private final Queue<Integer> codes = new ArrayDeque<>();
  private final long memoryBytes;

  /// Whether its processes see only what they are given.
  public boolean hermetic = true;

  /// What its processes write besides.
  public Function<Set<Factor>, String> heeding = varied -> "";

  /// What can be otherwise for its processes.
  public Set<Factor> varies = Set.of();

  /// @param memoryBytes what every process takes
  public FakeSpawns(BlobStore blobs, long memoryBytes) {
    this.blobs = blobs;
    this.memoryBytes = memoryBytes;
  }

  /// The exit codes of the next processes; all after them succeed.
  public FakeSpawns ends(int... next) {
    for (int code : next) {
      codes.add(code);
    }
    return this;
  }

  /// Leaves at each output a file that names it, and prints the number of the attempt.
  @Override
  public synchronized Result run(Request request) throws IOException {
    requests.add(request);
    Integer code = codes.poll();
    Map<RelativePath, Content> outputs = new HashMap<>();
    for (RelativePath output : request.outputs()) {
      Digest file =
          blobs.put(
              (output.text() + heeding.apply(request.varied())).getBytes(StandardCharsets.UTF_8));
      outputs.put(output, new Content.File(file, false));
    }
    return new Result(
        new Exit(new Exit.Cause.Code(code == null ? 0 : code), Duration.ofMillis(1), memoryBytes),
        outputs,
        blobs.put(("attempt " + requests.size() + "\n").getBytes(StandardCharsets.UTF_8)),
        Digest.EMPTY,
        Duration.ZERO,
        Optional.empty());
  }

  @Override
  public Exit attach(Request request) {
    throw new AssertionError("nobody attaches here");
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public boolean hermetic() {
    return hermetic;
  }

  @Override
  public Set<Factor> varies() {
    return varies;
  }
}
