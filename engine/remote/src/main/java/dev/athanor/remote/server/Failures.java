package dev.athanor.remote.server;

import dev.athanor.engine.cas.CorruptBlobException;
import dev.athanor.engine.cas.MissingBlobException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;

/// What clients are told when a call cannot be answered.
final class Failures {
  private Failures() {}

  /// Something that is answered once.
  @FunctionalInterface
  interface Answer<T> {
    T give() throws IOException;
  }

  /// Gives the answer, or says why there is none.
  static <T> void answer(StreamObserver<T> to, Answer<T> answer) {
    T given;
    try {
      given = answer.give();
    } catch (IOException | RuntimeException e) {
      to.onError(status(e).asRuntimeException());
      return;
    }
    to.onNext(given);
    to.onCompleted();
  }

  /// What a failure is called. What a client sent wrong is told to it; what failed here is only
  /// told by its kind, as it may name paths.
  static Status status(Exception e) {
    return switch (e) {
      case StatusRuntimeException known -> known.getStatus();
      case MissingBlobException _ -> Status.NOT_FOUND.withDescription(e.getMessage());
      case CorruptBlobException _, IllegalArgumentException _ ->
          Status.INVALID_ARGUMENT.withDescription(e.getMessage());
      case NoRoomException _ -> Status.RESOURCE_EXHAUSTED.withDescription(e.getMessage());
      default ->
          Status.INTERNAL.withDescription("the cache failed: " + e.getClass().getSimpleName());
    };
  }

  static StatusRuntimeException invalid(String why) {
    return Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException();
  }
}
