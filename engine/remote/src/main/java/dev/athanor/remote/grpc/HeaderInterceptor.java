package dev.athanor.remote.grpc;

import dev.athanor.remote.Headers;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.util.Map;

/// Says with every call who asks.
record HeaderInterceptor(Headers headers) implements ClientInterceptor {
  @Override
  public <A, B> ClientCall<A, B> interceptCall(
      MethodDescriptor<A, B> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<B> listener, Metadata metadata) {
        values()
            .forEach((name, value) ->
                metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        super.start(listener, metadata);
      }
    };
  }

  private Map<String, String> values() {
    try {
      return headers.get(false);
    } catch (IOException e) {
      throw Status.UNAUTHENTICATED
          .withDescription(e.getMessage())
          .withCause(e)
          .asRuntimeException();
    }
  }
}
