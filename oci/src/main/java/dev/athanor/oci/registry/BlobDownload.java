package dev.athanor.oci.registry;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.cas.CorruptBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Repository;
import dev.athanor.oci.registry.Wire.Activity;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Brings one blob into a store, verified, going on after a cut from where it was cut.
///
/// Bytes go straight to the store's writer, which commits only if they have the digest. Should
/// pieces of several answers not fit together, the whole is asked for once more in one piece before
/// the registry is blamed.
final class BlobDownload {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/(?:[0-9]{1,18}|\\*)");

  private final Session session;
  private final Call call;
  private final Digest blob;
  private final BlobStore store;
  private final RetryBudget budget;

  BlobDownload(Session session, Repository repository, Digest blob, BlobStore store) {
    this.session = session;
    this.blob = blob;
    this.store = store;
    OciDigest name = OciDigest.of(blob);
    call = Call.of("GET", repository, "blobs/" + name, "pull blob " + repository.digest(name));
    budget = session.newBudget();
  }

  void run() throws IOException {
    boolean pieces = true;
    while (!fetched(pieces)) {
      pieces = false;
      IOException unfit = new IOException("the pieces it sent do not fit together");
      if (!budget.mayRetry(unfit)) {
        throw RegistryException.wrong(
            call.wanted(), "what the registry sent does not fit together");
      }
    }
  }

  /// Whether the blob is in the store now. If not, pieces did not fit.
  ///
  /// @param pieces whether several answers may be put together
  private boolean fetched(boolean pieces) throws IOException {
    try (BlobWriter writer = store.write()) {
      Download download = new Download(writer);
      if (!download.receive(pieces)) {
        return false;
      }
      try {
        writer.commit(blob);
        return true;
      } catch (CorruptBlobException e) {
        if (download.answers > 1) {
          return false;
        }
        throw RegistryException.wrong(call.wanted(), String.valueOf(e.getMessage()));
      }
    }
  }

  /// The state of one run of the writer.
  private final class Download {
    private final BlobWriter writer;
    private long received;
    private int answers;

    Download(BlobWriter writer) {
      this.writer = writer;
    }

    /// Receives until all bytes are there; false when that needs a new beginning.
    boolean receive(boolean pieces) throws IOException {
      while (true) {
        if (received > 0 && !pieces) {
          return false;
        }
        Answer answer = new Answer(this, received);
        try {
          answers++;
          Reply reply = session.attempt(asking(), answer::body, answer.activity);
          settle(answer, pieces);
          if (!judge(answer, reply)) {
            return false;
          }
          if (reply.ok() && received == blob.size()) {
            return true;
          }
        } catch (Bodies.SinkException e) {
          throw e.failure();
        } catch (Bodies.TooLongException e) {
          throw RegistryException.wrong(
              call.wanted(), "more than the " + blob.size() + " bytes that were announced");
        } catch (IOException e) {
          settle(answer, pieces);
          if (!budget.mayRetry(e)) {
            throw session.network(call, e);
          }
        }
      }
    }

    private Call asking() {
      return received == 0 ? call : call.with("Range", "bytes=" + received + "-");
    }

    /// No thread writes for this answer any more. Progress counts only where it can be kept.
    private void settle(Answer answer, boolean pieces) {
      answer.detach();
      if (pieces && answer.fresh > 0) {
        budget.progressed();
      }
    }

    /// Whether to go on from here; false when only a new beginning may help.
    private boolean judge(Answer answer, Reply reply) throws IOException {
      if (reply.status() == 200 || reply.status() == 206) {
        return answer.refusal == null ? endedWell() : refuse(answer.refusal);
      }
      if (reply.status() == 416 && received > 0) {
        return false;
      }
      // Addresses that a registry redirects to expire; it will name a new one.
      IOException expired = new IOException("HTTP " + reply.status() + " after a redirect");
      if (budget.mayRetry(reply)
          || (session.isForeign(call, reply)
              && reply.status() != 404
              && budget.mayRetry(expired))) {
        return true;
      }
      throw RegistryException.of(call.wanted(), reply);
    }

    /// A server can end early without breaking the connection.
    private boolean endedWell() throws IOException {
      String problem = "got only " + received + " of " + blob.size() + " bytes";
      if (received < blob.size() && !budget.mayRetry(new IOException(problem))) {
        throw RegistryException.wrong(call.wanted(), problem);
      }
      return true;
    }

    private boolean refuse(String refusal) {
      if (received > 0) {
        return false;
      }
      throw RegistryException.wrong(call.wanted(), refusal);
    }
  }

  /// One answer: decides by its head what to do with its bytes.
  private final class Answer {
    private final Activity activity = new Activity();
    private final byte[] buffer = new byte[64 << 10];
    private final Download download;
    private long skip;
    private long fresh;
    private boolean detached;
    private @Nullable String refusal;

    Answer(Download download, long offset) {
      this.download = download;
      skip = offset;
    }

    BodySubscriber<byte[]> body(ResponseInfo info) {
      switch (info.statusCode()) {
        case 200 -> refusal = problemOfWhole(info);
        case 206 -> {
          refusal = problemOfPart(info);
          skip = 0;
        }
        default -> {
          return Bodies.excerpt();
        }
      }
      return refusal == null ? Bodies.into(this::accept) : Bodies.excerpt();
    }

    private @Nullable String problemOfWhole(ResponseInfo info) {
      long length = info.headers().firstValueAsLong("Content-Length").orElse(blob.size());
      return length == blob.size()
          ? null
          : "size mismatch: expected " + blob.size() + " bytes, the registry has " + length;
    }

    private @Nullable String problemOfPart(ResponseInfo info) {
      Optional<String> header = info.headers().firstValue("Content-Range");
      Matcher range = CONTENT_RANGE.matcher(header.orElse(""));
      return range.matches() && Long.parseLong(range.group(1)) == skip
          ? null
          : "asked for bytes from "
              + skip
              + ", got '"
              + ErrorBody.printable(header.orElse(""))
              + "'";
    }

    /// Called by the network's threads; after [#detach] nothing reaches the writer any more.
    private synchronized void accept(ByteBuffer bytes) throws IOException {
      if (detached) {
        return;
      }
      activity.moved(bytes.remaining());
      session.wire().traffic().received(bytes.remaining());
      int skipped = (int) Math.min(skip, bytes.remaining());
      skip -= skipped;
      bytes.position(bytes.position() + skipped);
      if (download.received + bytes.remaining() > blob.size()) {
        throw new Bodies.TooLongException(blob.size());
      }
      int count = bytes.remaining();
      while (bytes.hasRemaining()) {
        int n = Math.min(buffer.length, bytes.remaining());
        bytes.get(buffer, 0, n);
        download.writer.write(buffer, 0, n);
        download.received += n;
      }
      fresh += count;
    }

    private synchronized void detach() {
      detached = true;
    }
  }
}
