package dev.athanor.oci.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The faults that registries and networks are known for.
public final class Faults {
  private Faults() {}

  /// Spoils the answers to the first `times` requests that match.
  public static Fault spoil(Predicate<Request> which, int times, UnaryOperator<Answer> how) {
    AtomicInteger left = new AtomicInteger(times);
    return new Fault() {
      @Override
      public Answer after(Request request, Answer answer) {
        boolean hit = which.test(request) && left.getAndDecrement() > 0;
        return hit ? how.apply(answer) : answer;
      }
    };
  }

  /// Answers the first `times` requests that match in the registry's place.
  public static Fault replace(Predicate<Request> which, int times, Answer answer) {
    AtomicInteger left = new AtomicInteger(times);
    return new Fault() {
      @Override
      public @Nullable Answer before(Request request) {
        return which.test(request) && left.getAndDecrement() > 0 ? answer : null;
      }
    };
  }

  /// Hangs up after `bytes` of each of the first `times` downloads of a blob.
  public static Fault cutDownload(long bytes, int times) {
    return spoil(Request::readsBlob, times, answer -> answer.cutAfter(bytes));
  }

  /// Hangs up without an answer after reading `bytes` of each of the first `times` uploads.
  public static Fault cutUpload(long bytes, int times) {
    AtomicInteger left = new AtomicInteger(times);
    return new Fault() {
      @Override
      public InputStream body(Request request, InputStream body) {
        boolean uploads =
            request.path().contains("/blobs/uploads/")
                && (request.method().equals("PATCH") || request.method().equals("PUT"));
        boolean hit =
            uploads
                && request
                    .header("Content-length")
                    .filter(n -> Long.parseLong(n) > bytes)
                    .isPresent();
        return hit && left.getAndDecrement() > 0 ? new Cutting(body, bytes) : body;
      }
    };
  }

  /// Serves blobs with one byte changed.
  public static Fault corruptBlobs(int times) {
    return spoil(
        request -> request.readsBlob(),
        times,
        answer -> {
          byte[] bytes = answer.body().clone();
          bytes[bytes.length / 2] ^= 1;
          return answer.withBody(bytes);
        });
  }

  /// Refuses the first `times` requests that match.
  public static Fault refuse(Predicate<Request> which, int times, int status) {
    return replace(which, times, Answer.error(status, "UNKNOWN", "injected"));
  }

  /// Asks for patience.
  public static Fault tooManyRequests(Predicate<Request> which, int times, String retryAfter) {
    return replace(
        which,
        times,
        Answer.error(429, "TOOMANYREQUESTS", "slow down").with("Retry-After", retryAfter));
  }

  /// Sends readers of blobs to the same path on another server.
  public static Fault redirectBlobs(FakeRegistry to) {
    return new Fault() {
      @Override
      public @Nullable Answer before(Request request) {
        return request.readsBlob()
            ? Answer.of(307).with("Location", "http://" + to.host() + request.path())
            : null;
      }
    };
  }

  /// Answers blobs as if nobody had asked for a range.
  public static Fault ignoreRanges() {
    return new Fault() {
      @Override
      public @Nullable Answer before(Request request) {
        request.headers().remove("Range");
        return null;
      }
    };
  }

  /// Opens an upload instead of mounting.
  public static Fault refuseMounts() {
    return new Fault() {
      @Override
      public Answer after(Request request, Answer answer) {
        boolean mount = request.parameter("mount").isPresent() && answer.status() == 201;
        return mount ? Answer.error(404, "UNSUPPORTED", "no mounts") : answer;
      }
    };
  }

  /// Takes its time before it looks at a request.
  public static Fault slow(Predicate<Request> which, Duration pause) {
    return new Fault() {
      @Override
      public @Nullable Answer before(Request request) throws IOException {
        if (which.test(request)) {
          try {
            Thread.sleep(pause);
          } catch (InterruptedException e) {
            throw new InterruptedIOException();
          }
        }
        return null;
      }
    };
  }

  /// Sends slowly, but steadily.
  public static Fault drip(Predicate<Request> which, Duration pause) {
    return spoil(which, Integer.MAX_VALUE, answer -> answer.dripping(pause));
  }

  private static final class Cutting extends FilterInputStream {
    private long left;

    Cutting(InputStream in, long left) {
      super(in);
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0) {
        throw new FakeRegistry.HangUp();
      }
      int n = in.read(buffer, offset, (int) Math.min(length, left));
      left -= Math.max(n, 0);
      return n;
    }
  }
}
