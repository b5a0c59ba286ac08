package dev.athanor.remote.grpc;

import dev.athanor.remote.RemoteException;
import dev.athanor.remote.Retries;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/// Makes calls on a connection, as often as makes sense, and turns the ways in which they end into
/// exceptions of ours.
final class Calls {
  private final GrpcConnection connection;
  private final Retries retries;

  Calls(GrpcConnection connection, Retries retries) {
    this.connection = connection;
    this.retries = retries;
  }

  /// A call, which ends with a [StatusRuntimeException] when it fails.
  interface Call<T> {
    T make() throws IOException;
  }

  /// @throws NotFound when the server says so
  <T> T make(Call<T> call) throws IOException {
    return retries.run(() -> {
      try {
        return call.make();
      } catch (StatusRuntimeException e) {
        throw failure(e.getStatus(), e);
      }
    });
  }

  /// Waits before an attempt at the rest of a stream.
  void pause(int failed) throws IOException {
    retries.pause(failed);
    connection.hurry();
  }

  /// How many attempts in a row may bring nothing.
  int attempts() {
    return retries.attempts();
  }

  long patienceMillis() {
    return connection.endpoint().patience().toMillis();
  }

  <S extends io.grpc.stub.AbstractStub<S>> S patient(S stub) {
    return stub.withDeadlineAfter(patienceMillis(), TimeUnit.MILLISECONDS);
  }

  IOException failure(StatusException e) throws IOException {
    return failure(e.getStatus(), e);
  }

  /// What a status means for whoever made the call.
  IOException failure(Status status, Exception cause) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      return new InterruptedIOException("interrupted");
    }
    String text =
        status.getCode() + (status.getDescription() == null ? "" : ": " + status.getDescription());
    return switch (status.getCode()) {
      case NOT_FOUND -> new NotFound(text);
      case UNAUTHENTICATED -> {
        // What was refused may have grown old; the next attempt brings what is new.
        var _ = connection.endpoint().headers().get(true);
        yield RemoteException.hopeless(text, cause);
      }
      case UNAVAILABLE, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNKNOWN, CANCELLED, DATA_LOSS -> {
        connection.hurry();
        yield RemoteException.trouble(text, cause);
      }
      // Whoever has waited that long should not wait once more.
      case DEADLINE_EXCEEDED ->
          RemoteException.hopeless(
              "no answer for " + connection.endpoint().patience().toSeconds() + " seconds", cause);
      default -> RemoteException.hopeless(text, cause);
    };
  }

  /// What was asked for is not there.
  static final class NotFound extends IOException {
    private static final long serialVersionUID = 1;

    NotFound(String message) {
      super(message);
    }
  }
}
