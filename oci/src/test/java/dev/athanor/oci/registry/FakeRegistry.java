package dev.athanor.oci.registry;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// A registry on the loopback, in this process, that keeps everything in memory, remembers what it
/// was asked, and goes wrong when told to. Together with [Faults] it is a conformance kit for
/// clients.
public final class FakeRegistry implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final FakeContent content = new FakeContent();
  private final FakeAuth auth = new FakeAuth(this);

  private FakeRegistry(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public static FakeRegistry start() throws IOException {
    return new FakeRegistry(
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
  }

  /// `127.0.0.1:port`.
  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  public Repository repository(String path) {
    return new Repository(host(), path);
  }

  /// Adds a fault; the first one that answers wins.
  public FakeRegistry with(Fault fault) {
    faults.add(fault);
    return this;
  }

  public void heal() {
    faults.clear();
  }

  /// Who may come in, and how.
  public FakeAuth auth() {
    return auth;
  }

  /// What it holds; may be changed behind its back.
  public FakeContent content() {
    return content;
  }

  /// Puts a blob into a repository, as a push would.
  public void add(String path, byte[] blob) {
    content.addBlob(path, blob);
  }

  /// Puts a document into a repository, under its digest and a tag.
  public void add(String path, String tag, ImageDocument document) {
    content.addDocument(path, tag, document.mediaType(), document.bytes());
    content.addDocument(
        path,
        "sha256:" + Digester.digest(document.bytes()).hex(),
        document.mediaType(),
        document.bytes());
  }

  /// Everything it was asked so far, in order of arrival.
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /// As text: `METHOD path?query`.
  public List<String> log() {
    return requests.stream().map(Request::toString).toList();
  }

  public void forgetRequests() {
    requests.clear();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    Request request =
        new Request(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            Request.text(exchange.getRequestURI().getRawQuery()),
            new Headers(exchange.getRequestHeaders()));
    requests.add(request);
    try (exchange) {
      Answer answer = answer(request, exchange.getRequestBody());
      for (Fault fault : faults) {
        answer = fault.after(request, answer);
      }
      deliver(exchange, request, answer);
    } catch (HangUp e) {
      // Closing without an answer is the answer.
    }
  }

  /// Thrown where a connection is to break.
  static final class HangUp extends IOException {
    private static final long serialVersionUID = 1;
  }

  private Answer answer(Request request, InputStream body) throws IOException {
    for (Fault fault : faults) {
      @Nullable Answer answer = fault.before(request);
      if (answer != null) {
        return answer;
      }
    }
    @Nullable Answer refusal = auth.check(request, body);
    if (refusal != null) {
      return refusal;
    }
    InputStream spoilt = body;
    for (Fault fault : faults) {
      spoilt = fault.body(request, spoilt);
    }
    return content.answer(request, spoilt);
  }

  private static void deliver(HttpExchange exchange, Request request, Answer answer)
      throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] body = answer.body();
    if (request.method().equals("HEAD")) {
      if (!answer.headers().containsKey("Content-Length")) {
        exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
      }
      exchange.sendResponseHeaders(answer.status(), -1);
      return;
    }
    long length = answer.claimed() == -1 ? body.length : answer.claimed();
    exchange.sendResponseHeaders(answer.status(), length == -2 ? 0 : length == 0 ? -1 : length);
    if (length == 0) {
      return;
    }
    int end = answer.cutAfter() < 0 ? body.length : (int) Math.min(answer.cutAfter(), body.length);
    OutputStream out = exchange.getResponseBody();
    if (answer.drip().isZero()) {
      out.write(body, 0, end);
    } else {
      drip(out, Arrays.copyOf(body, end), answer);
    }
    out.flush();
    if (answer.cutAfter() < 0 && answer.claimed() != -1 && length > body.length) {
      return;
    }
    if (answer.cutAfter() < 0) {
      out.close();
    }
  }

  private static void drip(OutputStream out, byte[] body, Answer answer) throws IOException {
    for (int i = 0; i < body.length; i += 1024) {
      out.write(body, i, Math.min(1024, body.length - i));
      out.flush();
      try {
        Thread.sleep(answer.drip());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new HangUp();
      }
    }
  }
}
