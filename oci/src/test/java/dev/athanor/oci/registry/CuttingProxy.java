package dev.athanor.oci.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A bad line to a server on the loopback: it breaks each of the first connections that carry more
/// than so many bytes in one direction.
final class CuttingProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final long cutAfter;
  private final AtomicInteger cutsLeft;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private CuttingProxy(ServerSocket server, int target, long cutAfter, int cuts) {
    this.server = server;
    this.target = target;
    this.cutAfter = cutAfter;
    cutsLeft = new AtomicInteger(cuts);
  }

  static CuttingProxy start(String target, long cutAfter, int cuts) throws IOException {
    int port = Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
    CuttingProxy proxy =
        new CuttingProxy(
            new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port, cutAfter, cuts);
    proxy.threads.execute(proxy::accept);
    return proxy;
  }

  String host() {
    return "localhost:" + server.getLocalPort();
  }

  int cutsLeft() {
    return Math.max(0, cutsLeft.get());
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        threads.execute(() -> pump(near, far));
        threads.execute(() -> pump(far, near));
      } catch (IOException e) {
        // Closed, or nobody behind: the client notices.
      }
    }
  }

  private void pump(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[64 << 10];
      long passed = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        passed += n;
        if (passed > cutAfter && cutsLeft.getAndDecrement() > 0) {
          return;
        }
      }
    } catch (IOException e) {
      // The other direction closed both.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
