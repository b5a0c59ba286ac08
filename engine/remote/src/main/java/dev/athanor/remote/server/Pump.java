package dev.athanor.remote.server;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// Sends a stream as fast as the client takes it, and holds no thread while it waits.
final class Pump<T> implements Runnable {
  /// What is sent, one after the other; absent at the end.
  interface Source<T> extends Closeable {
    Optional<T> next() throws IOException;
  }

  private final ServerCallStreamObserver<T> to;
  private final Source<T> source;
  private boolean ended;

  private Pump(ServerCallStreamObserver<T> to, Source<T> source) {
    this.to = to;
    this.source = source;
  }

  /// Sends all of `source` and closes it. Called before the handler of the call returns.
  static <T> void send(StreamObserver<T> to, Source<T> source) {
    ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) to;
    Pump<T> pump = new Pump<>(call, source);
    call.setOnCancelHandler(pump::end);
    call.setOnReadyHandler(pump);
  }

  /// Runs whenever there is room for more; never twice at a time.
  @Override
  public void run() {
    try {
      while (!ended && to.isReady()) {
        Optional<T> next = source.next();
        if (next.isPresent()) {
          to.onNext(next.get());
        } else {
          end();
          to.onCompleted();
        }
      }
    } catch (IOException | RuntimeException e) {
      end();
      if (!to.isCancelled()) {
        to.onError(Failures.status(e).asRuntimeException());
      }
    }
  }

  private void end() {
    ended = true;
    try {
      source.close();
    } catch (IOException e) {
      // Nothing is lost: it was only read.
    }
  }
}
