package dev.athanor.remote.execution;

import build.bazel.remote.execution.v2.ExecuteRequest;
import build.bazel.remote.execution.v2.ExecuteResponse;
import build.bazel.remote.execution.v2.ExecutionGrpc;
import build.bazel.remote.execution.v2.WaitExecutionRequest;
import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.Operation;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.RemoteRunException;
import dev.athanor.engine.tree.Trees;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// Has a server execute actions, and follows each to its end, over broken connections too.
final class Operations {
  /// So many troubles in a row are no accident.
  private static final int MAX_FAILURES = 5;

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  /// A connection that has lasted as long was a good one.
  private static final long LASTING_NANOS = TimeUnit.SECONDS.toNanos(5);

  /// Not among the generated services: the one call of its service that is of use here.
  private static final MethodDescriptor<CancelOperationRequest, Empty> CANCEL =
      MethodDescriptor.<CancelOperationRequest, Empty>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("google.longrunning.Operations/CancelOperation")
          .setRequestMarshaller(ProtoUtils.marshaller(CancelOperationRequest.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
          .build();

  private final Channel channel;
  private final String instance;
  private final Duration patience;

  Operations(Channel channel, String instance, Duration patience) {
    this.channel = channel;
    this.instance = instance;
    this.patience = patience;
  }

  /// Executes an action, whatever results of it the server knows.
  ///
  /// @return what came of it: its status is OK, or says that it ran out of time
  /// @throws MissingThereException when the server lacks something of it
  /// @throws RemoteRunException when it cannot be executed
  ExecuteResponse execute(Digest action) throws IOException, InterruptedException {
    Run run = new Run(action);
    boolean ended = false;
    try {
      ExecuteResponse response = run.follow();
      ended = true;
      return response;
    } finally {
      if (!ended && !run.name.isEmpty()) {
        cancel(run.name);
      }
    }
  }

  /// Nobody waits for the answer: servers need not understand the call.
  private void cancel(String name) {
    ClientCall<CancelOperationRequest, Empty> call =
        channel.newCall(CANCEL, CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS));
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    call.request(1);
    call.sendMessage(CancelOperationRequest.newBuilder().setName(name).build());
    call.halfClose();
  }

  /// One action on its way to its end.
  private final class Run {
    private final Digest action;
    private final long deadline = System.nanoTime() + patience.toNanos();

    /// Of the operation; empty as long as there is none to wait for.
    private String name = "";

    private int failures;

    /// How often an operation ended without a result.
    private int endings;

    Run(Digest action) {
      this.action = action;
    }

    ExecuteResponse follow() throws IOException, InterruptedException {
      while (true) {
        long began = System.nanoTime();
        Status trouble;
        Throwable cause;
        try {
          Operation operation = listen();
          Status status = operation.getError();
          if (!operation.hasError()) {
            ExecuteResponse response = response(operation);
            status = response.getStatus();
            if (isResult(response)) {
              return response;
            }
          }
          // Whatever becomes of it each time, it is not tried for ever.
          endings++;
          name = "";
          trouble = status;
          cause = new IOException(status.getMessage());
        } catch (StatusRuntimeException e) {
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
          trouble = StatusProto.fromThrowable(e);
          cause = e;
        }
        if (System.nanoTime() - began > LASTING_NANOS) {
          failures = endings;
        }
        recover(trouble == null ? Status.getDefaultInstance() : trouble, cause);
      }
    }

    private static boolean isResult(ExecuteResponse response) throws RemoteRunException {
      int code = response.getStatus().getCode();
      if (code == Code.OK_VALUE && !response.hasResult()) {
        throw new RemoteRunException("the remote executor's answer is no result");
      }
      return code == Code.OK_VALUE || code == Code.DEADLINE_EXCEEDED_VALUE;
    }

    /// Waits until it may be worth while to try again.
    private void recover(Status trouble, Throwable cause) throws IOException, InterruptedException {
      if (System.nanoTime() - deadline >= 0) {
        throw new RemoteRunException(
            "it was not done within " + patience.toMinutes() + " min", false, cause);
      }
      MissingThereException missing = Refusals.missing(trouble).orElse(null);
      if (missing != null) {
        throw missing;
      }
      Code code = Refusals.code(trouble);
      boolean forgotten = code == Code.NOT_FOUND && !name.isEmpty();
      if (forgotten) {
        name = "";
      }
      if (++failures > MAX_FAILURES || !(forgotten || Refusals.isTransient(code))) {
        throw Refusals.failure(trouble, cause);
      }
      long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << failures);
      Thread.sleep(ThreadLocalRandom.current().nextLong(pause / 2, pause));
    }

    /// Follows one stream to the operation's end.
    private Operation listen() {
      Context.CancellableContext context = Context.current().withCancellation();
      Context before = context.attach();
      try {
        Iterator<Operation> stream = open();
        while (stream.hasNext()) {
          Operation operation = stream.next();
          name = operation.getName();
          if (operation.getDone()) {
            return operation;
          }
        }
        throw io.grpc.Status.UNAVAILABLE
            .withDescription("the stream ended before the operation")
            .asRuntimeException();
      } finally {
        context.detach(before);
        context.cancel(null);
      }
    }

    private Iterator<Operation> open() {
      ExecutionGrpc.ExecutionBlockingStub stub =
          ExecutionGrpc.newBlockingStub(channel)
              .withDeadlineAfter(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      // What is known of the action under its own key was looked up before it came here.
      return name.isEmpty()
          ? stub.execute(
              ExecuteRequest.newBuilder()
                  .setInstanceName(instance)
                  .setSkipCacheLookup(true)
                  .setActionDigest(Trees.wire(action))
                  .build())
          : stub.waitExecution(WaitExecutionRequest.newBuilder().setName(name).build());
    }

    private static ExecuteResponse response(Operation operation) throws IOException {
      try {
        return operation.getResponse().unpack(ExecuteResponse.class);
      } catch (InvalidProtocolBufferException e) {
        throw new RemoteRunException("the remote executor's answer is no result", false, e);
      }
    }
  }
}
