package dev.athanor.cli;

import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.cas.LastUse;
import dev.athanor.oci.rootfs.DeleteTree;
import dev.athanor.remote.server.Access;
import dev.athanor.remote.server.Bound;
import dev.athanor.remote.server.CacheServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/// `athanor serve`: the cache directory as a remote cache for others.
final class ServeCommand implements Command {
  private static final String LISTEN = "listen";
  private static final String GRPC_PORT = "grpc-port";
  private static final String HTTP_PORT = "http-port";
  private static final String MAX_SIZE = "max-size";
  private static final String ALLOW_ANYONE = "allow-anyone";

  private static final String LOOPBACK = "127.0.0.1";
  private static final int DEFAULT_GRPC_PORT = 8980;
  private static final int DEFAULT_HTTP_PORT = 8981;

  @Override
  public String name() {
    return "serve";
  }

  @Override
  public String usage() {
    return "";
  }

  @Override
  public String summary() {
    return "Serves the cache directory as a remote cache to others.";
  }

  @Override
  public String description() {
    return """
    Speaks the Remote Execution API over gRPC, and the protocol of Bazel's HTTP caches on another
    port, with /metrics and /healthz. Ends with Ctrl-C or SIGTERM. Tokens are sent as Authorization:
    Bearer TOKEN, or as the password of whatever user. Without any, everybody may read and write,
    which is only allowed on this machine; with only --write-token everybody may read; with only
    --read-token nobody may write. Builds on this machine may use the same directory meanwhile. It
    is a cache for a team: for a fleet there are servers of many machines, see docs/remote-cache.md.\
    """;
  }

  @Override
  public Options options() {
    Options options =
        new Options()
            .addOption(
                GlobalFlags.value(
                    null, LISTEN, "HOST", "listen on this address (" + LOOPBACK + ")"))
            .addOption(
                GlobalFlags.value(
                    null,
                    GRPC_PORT,
                    "PORT",
                    "for gRPC; 0 for a free one (" + DEFAULT_GRPC_PORT + ")"))
            .addOption(
                GlobalFlags.value(
                    null,
                    HTTP_PORT,
                    "PORT",
                    "for HTTP; 0 for a free one (" + DEFAULT_HTTP_PORT + ")"))
            .addOption(
                GlobalFlags.value(
                    null,
                    MAX_SIZE,
                    "SIZE",
                    "keep the cache directory below SIZE, such as 20G, by removing what was not used for"
                        + " longest"))
            .addOption(
                GlobalFlags.flag(
                    null, ALLOW_ANYONE, "let everybody who can reach this machine read and write"));
    ServeFlags.addTo(options);
    return options;
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    CommandLine line = invocation.options();
    PrintStream err = invocation.terminal().err();
    CacheFolder cache = new CacheFolder(GlobalFlags.anywhere(invocation).cacheDir());
    String host = GlobalFlags.last(line, LISTEN).orElse(LOOPBACK);
    Access access = ServeFlags.access(line, invocation.terminal());
    Optional<CacheServer.Tls> tls = ServeFlags.tls(line, invocation.terminal());
    check(host, access, tls, line.hasOption(ALLOW_ANYONE), err);
    long maxBytes = GlobalFlags.last(line, MAX_SIZE).map(Amounts::bytes).orElse(Long.MAX_VALUE);
    try (DiskBlobStore store = DiskBlobStore.open(cache.root());
        CacheServer server =
            CacheServer.start(
                new CacheServer.Config(
                    store,
                    host,
                    port(line, GRPC_PORT, DEFAULT_GRPC_PORT),
                    port(line, HTTP_PORT, DEFAULT_HTTP_PORT),
                    access,
                    tls,
                    new Bound(maxBytes, LastUse.NOTED, cache::collected, DeleteTree::delete),
                    notice -> warn(err, notice)))) {
      print(invocation, host, server, tls.isPresent());
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      // How it ends when all is well.
    }
    return ExitCode.SUCCESS;
  }

  /// Whoever can reach an open cache can make everybody's builds wrong.
  private static void check(
      String host,
      Access access,
      Optional<CacheServer.Tls> tls,
      boolean allowAnyone,
      PrintStream err) {
    if (isLoopback(host)) {
      return;
    }
    boolean knowsClients = tls.isPresent() && tls.get().clientAuthority().isPresent();
    if (access.isOpen() && !knowsClients && !allowAnyone) {
      throw new UserException(
          "everybody who can reach " + host + " could read and write this cache",
          "give --write-token or --client-ca, or --allow-anyone if that is meant");
    }
    if (!access.isOpen() && tls.isEmpty()) {
      warn(err, "without --tls-cert, tokens travel in the clear");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new UserException("--" + LISTEN + ": there is no address for '" + host + "'", "", e);
    }
  }

  private static int port(CommandLine line, String name, int otherwise) {
    String text = GlobalFlags.last(line, name).orElse(Integer.toString(otherwise));
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 0xffff) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new UserException("--" + name + " wants a port between 0 and 65535, not '" + text + "'");
  }

  private static void print(
      Invocation invocation, String host, CacheServer server, boolean secure) {
    String name = host.contains(":") ? "[" + host + "]" : host;
    String grpc = (secure ? "grpcs://" : "grpc://") + name + ":" + server.grpcPort();
    String http = (secure ? "https://" : "http://") + name + ":" + server.httpPort();
    PrintStream out = invocation.terminal().out();
    if (invocation.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("grpc", grpc);
      json.addProperty("http", http);
      out.println(PrettyJson.of(json));
    } else {
      out.println(grpc);
      out.println(http);
    }
    out.flush();
  }

  private static void warn(PrintStream err, String text) {
    err.println("warning: " + text);
    err.flush();
  }
}
