package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.ActionCache;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.concurrent.Lazy;
import dev.athanor.engine.digest.Digest;
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
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Stores that are shared with others through a remote cache, as flags and files of settings say.
/// Nobody connects before there is something to ask.
final class Sharing {
  /// How long the end of a command waits for results to get where others find them.
  private static final Duration LAST_UPLOADS = Duration.ofSeconds(60);

  private final Line line;
  private final RemoteCache remote;
  private final EventSink events;
  private final Traffic traffic = new Traffic();
  private final SharedBlobStore blobs;
  private final SharedActionCache cache;
  private final Optional<Uploads> uploads;

  private Sharing(
      Line line,
      RemoteCache remote,
      EventSink events,
      BlobStore near,
      ActionCache results,
      Trust trust,
      boolean upload) {
    this.line = line;
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
      OpenWorkspace workspace,
      Terminal terminal,
      BlobStore near,
      ActionCache results,
      EventSink events) {
    GlobalFlags flags = workspace.flags();
    Optional<RemoteSetting> settings = workspace.settings().remote();
    Optional<String> url = url(flags, settings);
    if (url.isEmpty() || flags.offline()) {
      return Optional.empty();
    }
    // Of what is set for another address, nothing counts but whom to trust.
    Optional<RemoteSetting> setting = settings.filter(one -> one.url().equals(url.get()));
    Consumer<String> notices = text -> events.post(new BuildEvent.Notice(text));
    Line line = new Line(endpoint(url.get(), flags, setting, terminal, notices));
    RemoteCache remote = new GuardedCache(line::cache, line.endpoint().toString(), notices);
    Optional<Path> signer =
        flags.remote().signer().or(() -> setting.flatMap(RemoteSetting::signer));
    boolean upload =
        flags.remote().upload().or(() -> setting.map(RemoteSetting::upload)).orElse(false);
    return Optional.of(
        new Sharing(
            line, remote, events, near, results, trust(signer, flags.remote(), settings), upload));
  }

  /// The one server that all goes to: an executor finds blobs in its own cache only.
  private static Optional<String> url(GlobalFlags flags, Optional<RemoteSetting> settings) {
    Optional<String> executor = flags.executor().url();
    Optional<String> cache = flags.remote().cache();
    if (executor.isEmpty()) {
      return cache.or(() -> settings.map(RemoteSetting::url)).filter(url -> !url.isEmpty());
    }
    if (cache.isPresent() && !cache.equals(executor)) {
      throw new UserException(
          "--remote-executor and --remote-cache name two servers",
          "an executor finds blobs in its own cache only: give --remote-executor alone");
    }
    if (!Endpoint.of(executor.get()).isGrpc()) {
      throw new UserException(
          "actions cannot be sent by way of " + executor.get(),
          "an executor is reached by grpc:// or grpcs://");
    }
    return executor;
  }

  /// Other machines that run actions, if flags name any.
  Optional<Elsewhere> elsewhere(ExecutorFlags flags) {
    if (flags.url().isEmpty()) {
      return Optional.empty();
    }
    Workers workers =
        new Workers(
            line.endpoint().instance(),
            flags.platform(),
            flags.hostTools(),
            flags.runner(),
            Workers.PATIENCE);
    Lazy<RemoteExecutor> executor =
        Lazy.of(() -> new RemoteExecutor(line.connection().channel(), remote, blobs, workers));
    return Optional.of(new Elsewhere(new LazyRemoteRunner(workers, executor), flags.strategy()));
  }

  private static Endpoint endpoint(
      String url,
      GlobalFlags flags,
      Optional<RemoteSetting> setting,
      Terminal terminal,
      Consumer<String> notices) {
    RemoteFlags given = flags.remote();
    URI uri = Endpoint.parse(url);
    Tls tls = setting.map(RemoteSetting::tls).orElse(Tls.DEFAULT).trusting(given.authorities());
    if (given.certificate().isPresent()) {
      tls =
          new Tls(
              tls.authorities(),
              List.of(new Tls.Identity(given.certificate().get(), given.key().orElseThrow())));
    }
    Optional<String> helper =
        given.credentialHelper().or(() -> setting.flatMap(RemoteSetting::credentialHelper));
    return new Endpoint(
        uri,
        given.instance().or(() -> setting.map(RemoteSetting::instance)).orElse(""),
        tls,
        new RemoteHeaders(
            uri, flags.registries(), given.headers(), helper, terminal.env(), notices),
        given.patience());
  }

  private static Trust trust(
      Optional<Path> signer, RemoteFlags flags, Optional<RemoteSetting> settings) {
    List<Path> trusted = new ArrayList<>(flags.trusted());
    if (trusted.isEmpty()) {
      settings.ifPresent(one -> trusted.addAll(one.trusted()));
    }
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

  /// Whether the result of that key, which somebody was given, came from the remote cache.
  boolean gave(Digest key) {
    return cache.cameFromThere(key);
  }

  /// What went over the line so far.
  Traffic traffic() {
    return traffic;
  }

  /// Waits for what is on its way, and tells what was.
  ///
  /// @param atOnce whether to let go of it instead
  void end(boolean atOnce) {
    uploads.ifPresent(running -> finish(running, atOnce));
    if (traffic.hits() + traffic.misses() + traffic.uploads() > 0) {
      tell(summary());
    }
    remote.close();
    line.close();
  }

  private void finish(Uploads running, boolean atOnce) {
    try {
      int left = 0;
      if (atOnce) {
        running.giveUp();
      } else {
        left = running.drain(LAST_UPLOADS);
      }
      if (left > 0) {
        tell("warning: " + left + " results did not get to the remote cache in time");
      }
    } catch (InterruptedException e) {
      running.giveUp();
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
    String text =
        "remote cache: "
            + Amounts.count(traffic.hits(), "hit")
            + ", "
            + Amounts.count(traffic.misses(), "miss");
    if (traffic.downloadedBytes() > 0) {
      text += ", " + Amounts.text(traffic.downloadedBytes()) + " downloaded";
    }
    if (traffic.uploads() > 0) {
      text +=
          ", "
              + Amounts.count(traffic.uploads(), "result")
              + " with "
              + Amounts.text(traffic.uploadedBytes())
              + " uploaded";
    }
    return text;
  }
}
