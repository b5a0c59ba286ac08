package dev.athanor.oci.registry;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Repository;
import dev.athanor.oci.registry.TransferListener.Direction;
import dev.athanor.oci.registry.Wire.Activity;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Brings one blob into a repository that does not have it.
///
/// Small blobs go in one `PUT` after the `POST` that opens an upload. Large ones go as one chunk,
/// so that after a cut the registry can be asked how much arrived and the rest follows from there.
final class BlobUpload {
  /// Below this, sending again is cheaper than asking what arrived.
  static final long CHUNKED_FROM = 8L << 20;

  private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-([0-9]{1,18})");

  private final Session session;
  private final Repository repository;
  private final Digest blob;
  private final BlobStore store;
  private final String wanted;
  private final RetryBudget budget;
  private Optional<URI> opened = Optional.empty();

  BlobUpload(Session session, Repository repository, Digest blob, BlobStore store) {
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
    Call call = Call.of("POST", repository, "blobs/uploads/", wanted);
    String query = "?mount=" + OciDigest.of(blob) + "&from=" + from.path();
    Reply reply =
        session.call(
            call.to(call.target() + query).with(Scope.mount(repository, from)), Bodies.SMALL);
    if (reply.status() == 202) {
      opened = Optional.of(location(reply));
    }
    // Anything else: not allowed to read there, or no mounting at all. An ordinary upload will
    // tell.
    return reply.status() == 201;
  }

  /// Sends the blob.
  void run() throws IOException {
    URI upload = opened.isPresent() ? opened.get() : start();
    while (true) {
      opened = Optional.of(upload);
      Optional<URI> again = blob.size() < CHUNKED_FROM ? whole(upload) : chunked(upload);
      if (again.isEmpty()) {
        opened = Optional.empty();
        return;
      }
      upload = again.get();
    }
  }

  /// Tells the registry that nobody will come back for an upload that was opened; if that fails, so
  /// be it.
  void abandon(Exception reason) {
    if (opened.isEmpty()) {
      return;
    }
    try {
      session.attempt(
          Call.of("DELETE", repository, "", wanted).to(opened.get().toString()),
          info -> Bodies.excerpt(Bodies.SMALL),
          new Activity());
    } catch (IOException | RuntimeException e) {
      reason.addSuppressed(e);
    }
  }

  private URI start() throws IOException {
    Reply reply = session.call(Call.of("POST", repository, "blobs/uploads/", wanted), Bodies.SMALL);
    if (reply.status() != 202) {
      throw RegistryException.of(wanted, reply);
    }
    return location(reply);
  }

  /// Sends all in one request; on passing trouble a new upload is where to go on.
  private Optional<URI> whole(URI upload) throws IOException {
    Call call =
        closing(upload)
            .with("Content-Type", "application/octet-stream")
            .with(new BlobSource(store, blob, 0), this::moved);
    try {
      Reply reply = session.attempt(call, info -> Bodies.excerpt(Bodies.SMALL), new Activity());
      if (reply.ok()) {
        return Optional.empty();
      }
      if (!isGone(reply) && !budget.mayRetry(reply)) {
        throw RegistryException.of(wanted, reply);
      }
    } catch (IOException e) {
      if (!budget.mayRetry(e)) {
        throw session.network(call, e);
      }
    }
    return Optional.of(start());
  }

  /// Sends what the registry does not have yet, until it has all.
  private Optional<URI> chunked(URI first) throws IOException {
    Position position = new Position(first, 0);
    while (position.offset < blob.size()) {
      Optional<Reply> reply = sendFrom(position);
      if (reply.isPresent() && reply.get().ok()) {
        return close(location(reply.get()));
      }
      boolean conflict = reply.isPresent() && reply.get().status() == 416;
      Optional<Position> reached = position(position.upload);
      if (reached.isEmpty() || (conflict && reached.get().offset == position.offset)) {
        return restart();
      }
      if (reached.get().offset > position.offset) {
        budget.progressed();
      }
      position = reached.get();
    }
    return close(position.upload);
  }

  /// Nothing when the connection broke.
  private Optional<Reply> sendFrom(Position position) throws IOException {
    Call call =
        Call.of("PATCH", repository, "", wanted)
            .to(position.upload.toString())
            .with("Content-Type", "application/octet-stream")
            .with("Content-Range", position.offset + "-" + (blob.size() - 1))
            .with(new BlobSource(store, blob, position.offset), this::moved);
    try {
      Reply reply = session.attempt(call, info -> Bodies.excerpt(Bodies.SMALL), new Activity());
      boolean telling = reply.ok() || reply.status() == 416 || isGone(reply);
      if (!telling && !budget.mayRetry(reply)) {
        throw RegistryException.of(wanted, reply);
      }
      return Optional.of(reply);
    } catch (IOException e) {
      if (!budget.mayRetry(e)) {
        throw session.network(call, e);
      }
      return Optional.empty();
    }
  }

  private Optional<URI> restart() throws IOException {
    if (!budget.mayRetry(new IOException("upload lost"))) {
      throw RegistryException.wrong(wanted, "the registry lost the upload");
    }
    return Optional.of(start());
  }

  /// Where an upload stands.
  private record Position(URI upload, long offset) {}

  /// Nothing when the registry knows no such upload any more.
  private Optional<Position> position(URI upload) throws IOException {
    Call call = Call.of("GET", repository, "", wanted).to(upload.toString());
    Reply reply = session.call(call.with(Scope.push(repository)), Bodies.SMALL);
    if (!reply.ok()) {
      return Optional.empty();
    }
    Matcher range = RANGE.matcher(reply.header("Range").orElse(""));
    // "0-0" may mean one byte or none; none is the safe reading.
    long last = range.matches() ? Long.parseLong(range.group(1)) : 0;
    long offset = last == 0 ? 0 : last + 1;
    return offset <= blob.size()
        ? Optional.of(
            new Position(reply.header("Location").isPresent() ? location(reply) : upload, offset))
        : Optional.empty();
  }

  private Optional<URI> close(URI upload) throws IOException {
    Reply reply = session.call(closing(upload), Bodies.SMALL);
    if (reply.ok()) {
      return Optional.empty();
    }
    if (isGone(reply)) {
      return restart();
    }
    throw RegistryException.of(wanted, reply);
  }

  private Call closing(URI upload) {
    String join = upload.getRawQuery() == null ? "?" : "&";
    return Call.of("PUT", repository, "", wanted)
        .to(upload + join + "digest=" + OciDigest.of(blob));
  }

  private static boolean isGone(Reply reply) {
    return reply.status() == 404;
  }

  private void moved(long bytes) {
    session.config().listener().moved(Direction.UPLOAD, OciDigest.of(blob), bytes);
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
