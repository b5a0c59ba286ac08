package dev.athanor.remote.grpc;

import dev.athanor.remote.Headers;
import dev.athanor.remote.RemoteException;
import dev.athanor.remote.Retries;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Makes calls on a connection, as often as makes sense, and turns the ways in which they end into
/// exceptions of ours.
final class Calls {
  /// Bytes in a millisecond on a line that is still worth waiting for.
  private static final long SLOWEST = 64;

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
        connection.hurry();
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

  <S extends AbstractStub<S>> S patient(S stub) {
    return patient(stub, 0);
  }

  /// @param bytes that travel with the call: they may be as slow as that
  <S extends AbstractStub<S>> S patient(S stub, long bytes) {
    return stub.withDeadlineAfter(patienceMillis() + bytes / SLOWEST, TimeUnit.MILLISECONDS);
  }

  /// A step of a call that streams.
  interface Step<T> {
    T make() throws IOException, InterruptedException, TimeoutException, StatusException;
  }

  /// @param stall what is said of a server that lets us wait, with the time behind it
  <T> T step(String stall, Step<T> step) throws IOException {
    try {
      return step.make();
    } catch (StatusException e) {
      throw failure(e.getStatus(), e);
    } catch (TimeoutException e) {
      // Whoever has waited that long should not wait once more.
      throw RemoteException.hopeless(
          stall + " for " + connection.endpoint().patience().toSeconds() + " seconds", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /// What a status means for whoever made the call.
  IOException failure(Status status, Exception cause) {
    if (Thread.currentThread().isInterrupted()) {
      return new InterruptedIOException("interrupted");
    }
    String text =
        status.getCode() + (status.getDescription() == null ? "" : ": " + status.getDescription());
    return switch (status.getCode()) {
      case NOT_FOUND -> new NotFound(text);
      case UNAUTHENTICATED -> refused(text, cause);
      case UNAVAILABLE, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNKNOWN, CANCELLED, DATA_LOSS ->
          RemoteException.trouble(text, cause);
      case INVALID_ARGUMENT, OUT_OF_RANGE, FAILED_PRECONDITION, ALREADY_EXISTS ->
          RemoteException.particular(text, cause);
      // Whoever has waited that long should not wait once more.
      case DEADLINE_EXCEEDED ->
          RemoteException.hopeless(
              "no answer for " + connection.endpoint().patience().toSeconds() + " seconds", cause);
      default -> RemoteException.hopeless(text, cause);
    };
  }

  /// What was refused may have grown old; then the next attempt brings what is new.
  private RemoteException refused(String text, Exception cause) {
    Headers headers = connection.endpoint().headers();
    if (!headers.renewable()) {
      return RemoteException.hopeless(text, cause);
    }
    try {
      var _ = headers.get(true);
      return RemoteException.trouble(text, cause);
    } catch (IOException e) {
      return RemoteException.hopeless(String.valueOf(e.getMessage()), e);
    }
  }

  /// What was asked for is not there.
  static final class NotFound extends IOException {
    private static final long serialVersionUID = 1;

    NotFound(String message) {
      super(message);
    }
  }
}
