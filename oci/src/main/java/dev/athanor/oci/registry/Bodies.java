package dev.athanor.oci.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// Where the bytes of answers go.
final class Bodies {
  /// Enough for any refusal or token.
  static final int SMALL = 256 << 10;

  /// Thrown in the network's threads when our side cannot take more; the cause tells.
  static final class SinkException extends IOException {
    private static final long serialVersionUID = 1;

    SinkException(IOException cause) {
      super(cause);
    }

    IOException failure() {
      return getCause() instanceof IOException e ? e : this;
    }
  }

  /// More came than was agreed.
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1;

    TooLongException(long limit) {
      super("more than " + limit + " bytes");
    }
  }

  /// Ends an answer of which enough is known.
  private static final class EnoughException extends IOException {
    private static final long serialVersionUID = 1;
  }

  /// Takes bytes in order.
  interface Sink {
    void accept(ByteBuffer bytes) throws IOException;
  }

  private Bodies() {}

  /// All bytes, at most `limit`.
  static BodySubscriber<byte[]> limited(int limit) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    return new SinkSubscriber(
        buffer -> {
          if (bytes.size() + buffer.remaining() > limit) {
            throw new TooLongException(limit);
          }
          keep(buffer, buffer.remaining(), bytes);
        },
        bytes);
  }

  /// The first bytes; the rest is not waited for. For the text of refusals.
  static BodySubscriber<byte[]> excerpt() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    return new SinkSubscriber(
        buffer -> {
          keep(buffer, Math.min(buffer.remaining(), SMALL - bytes.size()), bytes);
          if (bytes.size() == SMALL) {
            throw new EnoughException();
          }
        },
        bytes);
  }

  private static void keep(ByteBuffer buffer, int count, ByteArrayOutputStream bytes) {
    byte[] piece = new byte[count];
    buffer.get(piece);
    bytes.writeBytes(piece);
  }

  /// Bytes go to `sink`; the body as such is empty.
  static BodySubscriber<byte[]> into(Sink sink) {
    return new SinkSubscriber(sink, new ByteArrayOutputStream());
  }

  /// Asks for the next piece only when the last one is written: memory stays bounded, and a slow
  /// disk slows the sender.
  private static final class SinkSubscriber implements BodySubscriber<byte[]> {
    private final Sink sink;
    private final ByteArrayOutputStream kept;
    private final CompletableFuture<byte[]> done = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    SinkSubscriber(Sink sink, ByteArrayOutputStream kept) {
      this.sink = sink;
      this.kept = kept;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
      return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      Flow.Subscription open = subscription;
      if (done.isDone() || open == null) {
        return;
      }
      try {
        for (ByteBuffer buffer : buffers) {
          sink.accept(buffer);
        }
        open.request(1);
      } catch (EnoughException e) {
        open.cancel();
        done.complete(kept.toByteArray());
      } catch (IOException e) {
        open.cancel();
        done.completeExceptionally(e instanceof TooLongException ? e : new SinkException(e));
      } catch (RuntimeException e) {
        open.cancel();
        done.completeExceptionally(e);
      }
    }

    @Override
    public void onError(Throwable e) {
      done.completeExceptionally(e);
    }

    @Override
    public void onComplete() {
      done.complete(kept.toByteArray());
    }
  }
}
