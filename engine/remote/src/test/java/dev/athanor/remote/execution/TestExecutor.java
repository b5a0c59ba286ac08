package dev.athanor.remote.execution;

import build.bazel.remote.execution.v2.Command;
import build.bazel.remote.execution.v2.ExecuteOperationMetadata;
import build.bazel.remote.execution.v2.ExecuteRequest;
import build.bazel.remote.execution.v2.ExecuteResponse;
import build.bazel.remote.execution.v2.ExecutionGrpc;
import build.bazel.remote.execution.v2.ExecutionStage;
import build.bazel.remote.execution.v2.WaitExecutionRequest;
import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.Operation;
import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Trees;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A server of the Remote Execution API on the loopback, with a worker that really runs commands:
/// execution, blobs, results and capabilities. It goes wrong when told to.
public final class TestExecutor implements AutoCloseable {
  public final MemoryBlobStore store = new MemoryBlobStore();
  public final TestWorker worker;
  public final AtomicInteger executes = new AtomicInteger();
  public final AtomicInteger waits = new AtomicInteger();

  /// Every command that was executed.
  public final List<Command> commands = new CopyOnWriteArrayList<>();

  public final List<build.bazel.remote.execution.v2.Action> actions = new CopyOnWriteArrayList<>();

  /// The names of operations that somebody wanted to be cancelled.
  public final List<String> cancelled = new CopyOnWriteArrayList<>();

  private final Map<String, CompletableFuture<ExecuteResponse>> operations =
      new ConcurrentHashMap<>();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final Server server;
  private final ManagedChannel channel;

  /// What goes wrong with one call of `Execute`, or of `WaitExecution`.
  public sealed interface Fault {
    /// The call is answered with an error.
    record Refuse(Status status) implements Fault {}

    /// The stream breaks when it has told the operation's name.
    record Break() implements Fault {}

    /// The same, and the server does not know the operation any more.
    record Forget() implements Fault {}

    /// Blobs are gone just before the action is executed.
    record Lose(List<Digest> blobs) implements Fault {}

    /// Blobs are gone, and the call itself is answered with that.
    record Lack(List<Digest> blobs) implements Fault {}

    /// The operation ends with an error instead of a result.
    record Fail(com.google.rpc.Status status) implements Fault {}
  }

  private TestExecutor(Path folder) {
    worker = new TestWorker(store, folder);
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        NettyServerBuilder.forAddress(any)
            .addService(new Executing())
            .addService(cancelling())
            .addService(new TestServices.Blobs(store))
            .addService(new TestServices.Bytes(store))
            .addService(new TestServices.Results())
            .addService(new TestServices.Capable())
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    channel =
        NettyChannelBuilder.forAddress(new InetSocketAddress(any.getAddress(), server.getPort()))
            .usePlaintext()
            .build();
  }

  /// @param folder where actions run
  public static TestExecutor start(Path folder) {
    return new TestExecutor(folder);
  }

  /// Where it listens, as `host:port`.
  public String address() {
    return "127.0.0.1:" + server.getPort();
  }

  public ManagedChannel channel() {
    return channel;
  }

  /// Its blobs, without any protocol.
  public StoreCache cache() {
    return new StoreCache(store);
  }

  /// The next calls go wrong like that, one after the other.
  public TestExecutor fails(Fault... next) {
    synchronized (faults) {
      faults.addAll(List.of(next));
    }
    return this;
  }

  private Fault fault() {
    synchronized (faults) {
      Fault next = faults.poll();
      return next == null ? new Fault.Lose(List.of()) : next;
    }
  }

  private final class Executing extends ExecutionGrpc.ExecutionImplBase {
    @Override
    public void execute(ExecuteRequest request, StreamObserver<Operation> to) {
      int number = executes.incrementAndGet();
      Fault fault = fault();
      if (fault instanceof Fault.Refuse(var status)) {
        to.onError(status.asRuntimeException());
        return;
      }
      if (fault instanceof Fault.Lose(var blobs)) {
        blobs.forEach(store::remove);
      }
      if (fault instanceof Fault.Lack(var blobs)) {
        blobs.forEach(store::remove);
        to.onError(StatusProto.toStatusRuntimeException(TestWorker.lacking(blobs)));
        return;
      }
      String name = "operations/" + number;
      CompletableFuture<ExecuteResponse> operation = new CompletableFuture<>();
      if (!(fault instanceof Fault.Forget)) {
        operations.put(name, operation);
      }
      Thread runner =
          Thread.startVirtualThread(() -> {
            try {
              Digest action = Trees.digest(request.getActionDigest());
              note(action);
              operation.complete(worker.run(action));
            } catch (Exception e) {
              operation.completeExceptionally(e);
            }
          });
      var _ = operation.whenComplete((_, _) -> runner.interrupt());
      to.onNext(pending(name));
      switch (fault) {
        case Fault.Break _, Fault.Forget _ ->
            to.onError(Status.UNAVAILABLE.withDescription("cut").asRuntimeException());
        case Fault.Fail(var status) -> {
          to.onNext(
              pending(name).toBuilder()
                  .setDone(true)
                  .setResponse(Any.pack(ExecuteResponse.newBuilder().setStatus(status).build()))
                  .build());
          to.onCompleted();
        }
        case Fault.Refuse _, Fault.Lose _, Fault.Lack _ -> end(name, operation, to);
      }
    }

    @Override
    public void waitExecution(WaitExecutionRequest request, StreamObserver<Operation> to) {
      waits.incrementAndGet();
      if (fault() instanceof Fault.Refuse(var status)) {
        to.onError(status.asRuntimeException());
        return;
      }
      CompletableFuture<ExecuteResponse> operation = operations.get(request.getName());
      if (operation == null) {
        to.onError(Status.NOT_FOUND.asRuntimeException());
      } else {
        end(request.getName(), operation, to);
      }
    }
  }

  private void note(Digest action) throws IOException {
    if (store.contains(action)) {
      var message = build.bazel.remote.execution.v2.Action.parseFrom(store.read(action));
      actions.add(message);
      Digest command = Trees.digest(message.getCommandDigest());
      if (store.contains(command)) {
        commands.add(Command.parseFrom(store.read(command)));
      }
    }
  }

  private static Operation pending(String name) {
    return Operation.newBuilder()
        .setName(name)
        .setMetadata(
            Any.pack(
                ExecuteOperationMetadata.newBuilder()
                    .setStage(ExecutionStage.Value.QUEUED)
                    .build()))
        .build();
  }

  private static void end(
      String name, CompletableFuture<ExecuteResponse> operation, StreamObserver<Operation> to) {
    var _ =
        operation.whenComplete((response, failure) -> {
          if (response == null) {
            to.onError(
                Status.INTERNAL.withDescription(String.valueOf(failure)).asRuntimeException());
            return;
          }
          to.onNext(
              Operation.newBuilder()
                  .setName(name)
                  .setDone(true)
                  .setResponse(Any.pack(response))
                  .build());
          to.onCompleted();
        });
  }

  private ServerServiceDefinition cancelling() {
    String service = "google.longrunning.Operations";
    MethodDescriptor<CancelOperationRequest, Empty> method =
        MethodDescriptor.<CancelOperationRequest, Empty>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(service + "/CancelOperation")
            .setRequestMarshaller(
                ProtoUtils.marshaller(CancelOperationRequest.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .build();
    return ServerServiceDefinition.builder(service)
        .addMethod(
            method,
            ServerCalls.asyncUnaryCall((request, to) -> {
              cancelled.add(request.getName());
              CompletableFuture<ExecuteResponse> operation = operations.get(request.getName());
              if (operation != null) {
                operation.cancel(false);
              }
              to.onNext(Empty.getDefaultInstance());
              to.onCompleted();
            }))
        .build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }
}
