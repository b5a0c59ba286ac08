package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.ActionCache;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.Elsewhere;
import dev.athanor.engine.exec.EventSink;
import dev.athanor.engine.loading.RemoteSetting;
import dev.athanor.engine.tls.Tls;
import dev.athanor.remote.Endpoint;
import dev.athanor.remote.GuardedCache;
import dev.athanor.remote.RemoteCache;
import dev.athanor.remote.SharedActionCache;
import dev.athanor.remote.SharedBlobStore;
import dev.athanor.remote.Traffic;
import dev.athanor.remote.Trust;
import dev.athanor.remote.Uploads;
import dev.athanor.remote.execution.RemoteExecutor;
import dev.athanor.remote.execution.Workers;
import dev.athanor.remote.trust.SignedTrust;
import dev.athanor.remote.trust.SigningKey;
import dev.athanor.remote.trust.TrustedKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Stores that are shared with others through a remote cache, as flags and files of settings say.
/// Nobody connects before there is something to ask.
final class Sharing implements AutoCloseable {
  /// How long the end of a command waits for results to get where others find them.
  private static final Duration LAST_UPLOADS = Duration.ofSeconds(60);

  private final Lines lines;
  private final RemoteCache remote;
  private final EventSink events;
  private final Traffic traffic = new Traffic();
  private final SharedBlobStore blobs;
  private final SharedActionCache cache;
  private final Optional<Uploads> uploads;

  private Sharing(
      Lines lines,
      RemoteCache remote,
      EventSink events,
      BlobStore near,
      ActionCache results,
      Trust trust,
      boolean upload) {
    this.lines = lines;
    this.remote = remote;
    this.events = events;
    blobs = new SharedBlobStore(near, remote, traffic);
    uploads =
        upload ? Optional.of(new Uploads(near, remote, blobs, trust, traffic)) : Optional.empty();
    cache = new SharedActionCache(results, remote, blobs, trust, uploads, traffic);
  }

  /// Nothing where no remote cache is set, or none may be asked.
  ///
  /// @param near what is on this machine
  /// @throws UserException when what is set makes no sense
  static Optional<Sharing> of(
      OpenWorkspace workspace, BlobStore near, ActionCache results, EventSink events) {
    GlobalFlags flags = workspace.flags();
    Optional<RemoteSetting> setting = workspace.settings().remote();
    // An executor has a cache of its own, which is as good as another.
    Optional<String> url =
        flags
            .remote()
            .cache()
            .or(() -> setting.map(RemoteSetting::url))
            .filter(u -> !u.isEmpty())
            .or(flags.executor()::url);
    if (url.isEmpty() || flags.offline()) {
      return Optional.empty();
    }
    Lines lines = new Lines(text -> endpoint(text, flags, setting));
    RemoteCache remote =
        new GuardedCache(
            () -> lines.cache(url.get()),
            lines.endpoint(url.get()).toString(),
            notice -> events.post(new BuildEvent.Notice(notice)));
    flags.executor().url().ifPresent(executor -> checkExecutor(lines, executor, url.get()));
    boolean upload =
        flags.remote().upload().or(() -> setting.map(RemoteSetting::upload)).orElse(false);
    return Optional.of(
        new Sharing(lines, remote, events, near, results, trust(flags.remote(), setting), upload));
  }

  private static void checkExecutor(Lines lines, String executor, String cache) {
    for (String url : List.of(executor, cache)) {
      if (!lines.endpoint(url).isGrpc()) {
        throw new UserException(
            "actions cannot be sent by way of " + url,
            "an executor, and the cache that goes with it, is reached by grpc:// or grpcs://");
      }
    }
  }

  /// Other machines that run actions, if flags name any.
  Optional<Elsewhere> elsewhere(ExecutorFlags flags) {
    if (flags.url().isEmpty()) {
      return Optional.empty();
    }
    String url = flags.url().get();
    Workers workers =
        new Workers(
            lines.endpoint(url).instance(),
            flags.platform(),
            flags.hostTools(),
            flags.runner(),
            Workers.PATIENCE);
    Lazy<RemoteExecutor> executor =
        Lazy.of(() -> new RemoteExecutor(lines.connection(url).channel(), remote, blobs, workers));
    return Optional.of(new Elsewhere(new LazyRemoteRunner(workers, executor), flags.strategy()));
  }

  /// Of what is set for another address than the one that is used, nothing counts.
  private static Endpoint endpoint(
      String url, GlobalFlags flags, Optional<RemoteSetting> settings) {
    RemoteFlags given = flags.remote();
    Optional<RemoteSetting> setting = settings.filter(one -> one.url().equals(url));
    var uri = Endpoint.parse(url);
    Tls tls = setting.map(RemoteSetting::tls).orElse(Tls.DEFAULT).trusting(given.authorities());
    if (given.certificate().isPresent()) {
      tls =
          new Tls(
              tls.authorities(),
              List.of(new Tls.Identity(given.certificate().get(), given.key().orElseThrow())));
    }
    return new Endpoint(
        uri,
        given.instance().or(() -> setting.map(RemoteSetting::instance)).orElse(""),
        tls,
        new RemoteHeaders(
            uri,
            flags.registries(),
            given.headers(),
            given.credentialHelper().or(() -> setting.flatMap(RemoteSetting::credentialHelper))),
        given.patience());
  }

  private static Trust trust(RemoteFlags flags, Optional<RemoteSetting> setting) {
    List<Path> trusted = new ArrayList<>(flags.trusted());
    if (trusted.isEmpty()) {
      setting.ifPresent(one -> trusted.addAll(one.trusted()));
    }
    Optional<Path> signer = flags.signer().or(() -> setting.flatMap(RemoteSetting::signer));
    return trusted.isEmpty() && signer.isEmpty()
        ? Trust.ALL
        : new SignedTrust(
            signer.map(SigningKey::read),
            trusted.isEmpty() ? Optional.empty() : Optional.of(TrustedKeys.read(trusted)));
  }

  BlobStore blobs() {
    return blobs;
  }

  ActionCache cache() {
    return cache;
  }

  /// What went over the line so far.
  Traffic traffic() {
    return traffic;
  }

  /// Waits for what is on its way, and tells what was.
  @Override
  public void close() {
    uploads.ifPresent(this::end);
    if (traffic.hits() + traffic.misses() + traffic.uploads() > 0) {
      tell(summary());
    }
    remote.close();
    lines.close();
  }

  private void end(Uploads running) {
    try {
      int left = running.drain(LAST_UPLOADS);
      if (left > 0) {
        tell("warning: " + left + " results did not get to the remote cache in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (running.failed() > 0) {
      tell(
          "warning: "
              + running.failed()
              + " results did not get to the remote cache: "
              + running.lastFailure());
    }
  }

  private void tell(String text) {
    events.post(new BuildEvent.Notice(text));
  }

  private String summary() {
    String text = "remote cache: " + traffic.hits() + " hits, " + traffic.misses() + " misses";
    if (traffic.downloadedBytes() > 0) {
      text += ", " + Amounts.text(traffic.downloadedBytes()) + " downloaded";
    }
    if (traffic.uploads() > 0) {
      text +=
          ", "
              + traffic.uploads()
              + " results with "
              + Amounts.text(traffic.uploadedBytes())
              + " uploaded";
    }
    return text;
  }
}
