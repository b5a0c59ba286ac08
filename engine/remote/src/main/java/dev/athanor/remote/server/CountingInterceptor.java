package dev.athanor.remote.server;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/// Counts calls by method and by what became of them. One that the client gave up is not counted.
final class CountingInterceptor implements ServerInterceptor {
  private final Metrics metrics;

  CountingInterceptor(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return next.startCall(
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            metrics.request(
                String.valueOf(call.getMethodDescriptor().getBareMethodName()),
                status.getCode().name());
            super.close(status, trailers);
          }
        },
        headers);
  }
}
