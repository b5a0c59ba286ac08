package dev.athanor.remote.execution;

import build.bazel.remote.execution.v2.Action;
import build.bazel.remote.execution.v2.Command;
import build.bazel.remote.execution.v2.ExecuteResponse;
import com.google.protobuf.ByteString;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.RemoteRunException;
import dev.athanor.engine.tree.Trees;
import dev.athanor.remote.Parcel;
import dev.athanor.remote.RemoteCache;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Sends actions with all they need to a server, and has it execute them.
final class Execution {
  /// How often what the server has lost is sent again: what it loses faster, it does not keep.
  private static final int MAX_ROUNDS = 5;

  /// So many digests are remembered, and then none, as a bound on memory.
  private static final int REMEMBERED = 500_000;

  private final Operations operations;
  private final RemoteCache cas;

  /// What the server was seen to have. It may have lost it since, and then says so.
  private final Set<Digest> there = ConcurrentHashMap.newKeySet();

  Execution(Operations operations, RemoteCache cas) {
    this.operations = operations;
    this.cas = cas;
  }

  /// @param parcel all that is below the root
  /// @param key told apart by the server
  /// @param timeout that of the server where there is none
  ExecuteResponse run(
      Parcel parcel, Command command, Digest root, Digest key, Optional<Duration> timeout)
      throws IOException, InterruptedException {
    Action.Builder message =
        Action.newBuilder()
            .setCommandDigest(Trees.wire(parcel.add(command)))
            .setInputRootDigest(Trees.wire(root))
            .setSalt(ByteString.copyFromUtf8(key.toString()))
            .setPlatform(command.getPlatform());
    timeout.ifPresent(time ->
        message.setTimeout(
            com.google.protobuf.Duration.newBuilder()
                .setSeconds(time.getSeconds())
                .setNanos(time.getNano())));
    Digest action = parcel.add(message.build());
    send(parcel);
    for (int round = 1; ; round++) {
      try {
        return operations.execute(action);
      } catch (MissingThereException e) {
        if (round == MAX_ROUNDS || !parcel.digests().containsAll(e.digests())) {
          throw new RemoteRunException(String.valueOf(e.getMessage()), false, e);
        }
        there.removeAll(e.digests());
        cas.write(e.digests(), parcel);
      }
    }
  }

  private void send(Parcel parcel) throws IOException {
    Set<Digest> unknown = new HashSet<>(parcel.digests());
    unknown.removeAll(there);
    if (unknown.isEmpty()) {
      return;
    }
    cas.write(cas.missing(unknown), parcel);
    if (there.size() > REMEMBERED) {
      there.clear();
    }
    there.addAll(unknown);
  }
}
