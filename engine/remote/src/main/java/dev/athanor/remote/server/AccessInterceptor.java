package dev.athanor.remote.server;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Set;

/// Lets only those call who may.
final class AccessInterceptor implements ServerInterceptor {
  /// What the caller may do.
  static final Context.Key<Access.Right> RIGHT = Context.keyWithDefault("right", Access.Right.NONE);

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /// Methods that change nothing, and do not tell of somebody's change under way either. Whatever
  /// else there may be is for those who may write.
  private static final Set<String> READING =
      Set.of(
          "GetCapabilities",
          "GetActionResult",
          "FindMissingBlobs",
          "BatchReadBlobs",
          "GetTree",
          "Read");

  private final Access access;

  AccessInterceptor(Access access) {
    this.access = access;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Access.Right right = access.of(headers.get(AUTHORIZATION));
    String method = String.valueOf(call.getMethodDescriptor().getBareMethodName());
    if (right == Access.Right.NONE) {
      return refuse(call, Status.UNAUTHENTICATED.withDescription("this cache wants a token"));
    }
    if (!READING.contains(method) && right != Access.Right.WRITE) {
      return refuse(
          call,
          Status.PERMISSION_DENIED.withDescription(
              "only reading is allowed without the token for writing"));
    }
    Context context = Context.current().withValue(RIGHT, right);
    return Contexts.interceptCall(context, call, headers, next);
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
