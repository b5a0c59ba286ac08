package dev.athanor.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A proxy that wants a login and then tunnels to one server on the loopback, whatever name was
/// asked for.
final class TunnelProxy implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final int target;
  private final String login;

  /// @param target host and port of the server
  /// @param login what `Proxy-Authorization` must hold
  TunnelProxy(String target, String login) throws IOException {
    this.target = Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
    this.login = login;
    threads.execute(this::accept);
  }

  String host() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /// What it was sent outside of tunnels.
  List<String> heads() {
    return List.copyOf(heads);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        threads.execute(() -> serve(near));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void serve(Socket near) {
    try (near) {
      String head = head(near.getInputStream());
      heads.add(head);
      if (!head.contains("\r\nProxy-Authorization: " + login + "\r\n")) {
        write(near, "407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close");
        return;
      }
      try (Socket far = new Socket(InetAddress.getLoopbackAddress(), target)) {
        write(near, "200 OK");
        threads.execute(() -> pump(far, near));
        pump(near, far);
      }
    } catch (IOException e) {
      // The client notices.
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (int b = in.read(); b >= 0; b = in.read()) {
      head.append((char) b);
      if (head.indexOf("\r\n\r\n") >= 0) {
        break;
      }
    }
    return head.toString();
  }

  private static void write(Socket to, String status) throws IOException {
    OutputStream out = to.getOutputStream();
    out.write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // One of the two is gone; the other notices.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
