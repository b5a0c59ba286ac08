package dev.athanor.oci.registry;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Repository;
import dev.athanor.oci.registry.Wire.Activity;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Brings one blob into a repository that does not have it.
///
/// Small blobs go in one `PUT` after the `POST` that opens an upload. Large ones go as one chunk,
/// so that after a cut the registry can be asked how much arrived and the rest follows from there;
/// in smaller chunks only where something on the way objects to the size.
final class BlobUpload {
  /// Below this, sending again is cheaper than asking what arrived.
  static final long CHUNKED_FROM = 8L << 20;

  /// Up to here, sending in vain to a registry that takes nothing at once costs less than a round
  /// trip.
  private static final long AT_ONCE = 64L << 10;

  /// Chunks are not made smaller than this, nor than the registry's own minimum.
  private static final long SMALLEST_CHUNK = 256L << 10;

  private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-([0-9]{1,18})");

  private final Session session;
  private final Repository repository;
  private final Digest blob;
  private final BlobStore store;
  private final String wanted;
  private final RetryBudget budget;
  private final RegistryMemory memory;
  private Optional<URI> upload = Optional.empty();
  private long offset;
  private boolean resumed;
  private long smallestChunk = SMALLEST_CHUNK;
  private long largestChunk = Long.MAX_VALUE;

  BlobUpload(
      Session session, RegistryMemory memory, Repository repository, Digest blob, BlobStore store) {
    this.memory = memory;
    this.session = session;
    this.repository = repository;
    this.blob = blob;
    this.store = store;
    wanted = "push blob " + repository.digest(OciDigest.of(blob));
    budget = session.newBudget();
  }

  /// Asks the registry to take the blob from `from`, which it keeps too. Whether or not it does, no
  /// bytes move; if not, [#run()] goes on with the upload that the registry opened instead.
  boolean mount(Repository from) throws IOException {
    Call call = call("POST", "blobs/uploads/");
    String query = "?mount=" + OciDigest.of(blob) + "&from=" + from.path();
    Reply reply =
        session.call(
            call.to(call.target() + query).with(Scope.mount(repository, from)), Bodies.SMALL);
    if (reply.status() == 202) {
      opened(reply);
    }
    // Anything else: not allowed to read there, or no mounting at all. An ordinary upload will
    // tell.
    return reply.status() == 201;
  }

  /// Sends the blob.
  void run() throws IOException {
    if (upload.isEmpty()
        && blob.size() <= AT_ONCE
        && memory.mayTakeAtOnce(repository)
        && atOnce()) {
      return;
    }
    if (upload.isEmpty()) {
      start();
    }
    while (!(blob.size() < CHUNKED_FROM ? whole() : chunked() && close())) {
      // Every step that ends without success has used up some of the budget.
    }
    upload = Optional.empty();
  }

  /// Opens and fills an upload in one request, which not every registry can; true when it did.
  private boolean atOnce() throws IOException {
    Call call = call("POST", "blobs/uploads/");
    Reply reply =
        session.call(
            call.to(call.target() + "?digest=" + OciDigest.of(blob))
                .with("Content-Type", "application/octet-stream")
                .with(new BlobSource(store, blob, 0, blob.size())),
            Bodies.SMALL);
    if (reply.status() == 201) {
      return true;
    }
    memory.takesNothingAtOnce(repository);
    if (reply.status() == 202) {
      opened(reply);
    }
    return false;
  }

  /// Tells the registry that nobody will come back for an upload that was opened; if that fails, so
  /// be it. Done even by a thread that was interrupted, as it is when another blob failed.
  void abandon(Exception reason) {
    if (upload.isEmpty()) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    // The refusal may have cost the connection, which is then found broken once.
    if (!cancelled(reason)) {
      cancelled(reason);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean cancelled(Exception reason) {
    try {
      session.attempt(here("DELETE"), info -> Bodies.excerpt(), new Activity());
      return true;
    } catch (IOException | RuntimeException e) {
      reason.addSuppressed(e);
      return false;
    }
  }

  private void start() throws IOException {
    Reply reply = session.call(call("POST", "blobs/uploads/"), Bodies.SMALL);
    if (reply.status() != 202) {
      throw RegistryException.of(wanted, reply);
    }
    opened(reply);
  }

  private void opened(Reply reply) {
    upload = Optional.of(location(reply));
    offset = 0;
    resumed = false;
    long minimum = reply.headers().firstValueAsLong("OCI-Chunk-Min-Length").orElse(0);
    smallestChunk = Math.max(SMALLEST_CHUNK, minimum);
  }

  /// The registry lost the upload, or we lost track of it.
  private void restart() throws IOException {
    if (!budget.mayRetry(new IOException("upload lost"))) {
      throw RegistryException.wrong(wanted, "the registry lost the upload");
    }
    start();
  }

  /// Sends all in one request; true when the registry has it.
  private boolean whole() throws IOException {
    Call call = closing().with(new BlobSource(store, blob, 0, blob.size()));
    Optional<Reply> reply = send(call.with("Content-Type", "application/octet-stream"));
    if (reply.isPresent() && reply.get().ok()) {
      return true;
    }
    if (reply.isPresent()) {
      restart();
    } else {
      start();
    }
    return false;
  }

  /// Sends what the registry does not have yet; true when it has all.
  private boolean chunked() throws IOException {
    while (offset < blob.size()) {
      long length = Math.min(blob.size() - offset, largestChunk);
      Optional<Reply> reply = send(chunk(length));
      if (reply.isPresent() && reply.get().ok()) {
        upload = Optional.of(location(reply.get()));
        advance(offset + length);
      } else if (reply.isEmpty() && !located(false)) {
        // Docker's own registry cannot go on after a cut: it has more than its state says.
        start();
      } else if (reply.isPresent() && (reply.get().status() == 404 || !located(true))) {
        restart();
      }
    }
    return true;
  }

  private Call chunk(long length) {
    return here("PATCH")
        .with("Content-Type", "application/octet-stream")
        .with("Content-Range", offset + "-" + (offset + length - 1))
        .with(new BlobSource(store, blob, offset, length));
  }

  /// Sends a body once. Nothing when it failed in a way that costs some of the budget, and it is
  /// worth asking what became of it.
  private Optional<Reply> send(Call call) throws IOException {
    try {
      Reply reply = session.attempt(call, info -> Bodies.excerpt(), new Activity());
      boolean telling = reply.ok() || reply.status() == 416 || reply.status() == 404;
      boolean again = telling || (reply.status() == 413 && smaller(call)) || budget.mayRetry(reply);
      if (!again) {
        throw RegistryException.of(wanted, reply);
      }
      return telling ? Optional.of(reply) : Optional.empty();
    } catch (IOException e) {
      if (!budget.mayRetry(e)) {
        throw session.network(call, e);
      }
      return Optional.empty();
    }
  }

  /// Whether a chunk that was too large can be made smaller.
  private boolean smaller(Call call) {
    long next = Math.max(smallestChunk, call.payload().size() / 4);
    if (!call.method().equals("PATCH") || next >= call.payload().size()) {
      return false;
    }
    largestChunk = next;
    return true;
  }

  /// Asks where to go on; false when the registry does not know, or knows no better after a
  /// conflict.
  private boolean located(boolean conflict) throws IOException {
    Reply reply = session.call(here("GET").with(Scope.push(repository)), Bodies.SMALL);
    Optional<Long> reached = reply.ok() ? reached(reply) : Optional.empty();
    if (reached.isEmpty() || (conflict && reached.get() == offset)) {
      return false;
    }
    if (reply.header("Location").isPresent()) {
      upload = Optional.of(location(reply));
    }
    resumed = true;
    advance(reached.get());
    return true;
  }

  private void advance(long to) {
    if (to > offset) {
      budget.progressed();
    }
    offset = to;
  }

  /// The offset that a `Range` header tells. `0-0` may mean one byte or none; none is the safe
  /// reading.
  private Optional<Long> reached(Reply reply) {
    Matcher range = RANGE.matcher(reply.header("Range").orElse(""));
    if (!range.matches()) {
      return Optional.empty();
    }
    long last = Long.parseLong(range.group(1));
    return last < blob.size() ? Optional.of(last == 0 ? 0 : last + 1) : Optional.empty();
  }

  private boolean close() throws IOException {
    Reply reply = session.call(closing(), Bodies.SMALL);
    // A server that was still writing what came before a cut may have mixed up the pieces.
    boolean mixedUp = reply.status() == 400 && resumed;
    if (reply.status() == 404 || mixedUp) {
      restart();
    } else if (!reply.ok()) {
      throw RegistryException.of(wanted, reply);
    }
    return reply.ok();
  }

  private Call closing() {
    URI uri = upload.orElseThrow();
    String join = uri.getRawQuery() == null ? "?" : "&";
    return here("PUT").to(uri + join + "digest=" + OciDigest.of(blob));
  }

  private Call here(String method) {
    return call(method, "").to(upload.orElseThrow().toString());
  }

  private Call call(String method, String path) {
    return Call.of(method, repository, path, wanted);
  }

  /// The address to go on at: relative or absolute, used as it is, except that a registry behind a
  /// TLS proxy may not know that it should have said `https`.
  private URI location(Reply reply) {
    String location = reply.header("Location").orElse("");
    try {
      URI uri = reply.uri().resolve(location);
      boolean downgraded =
          reply.uri().getScheme().equals("https") && "http".equals(uri.getScheme());
      if (downgraded && uri.getAuthority().equals(reply.uri().getAuthority())) {
        return URI.create("https" + uri.toString().substring("http".length()));
      }
      if (!location.isEmpty() && uri.getHost() != null && !downgraded) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw RegistryException.wrong(wanted, "the registry names no usable address to upload to");
  }
}
