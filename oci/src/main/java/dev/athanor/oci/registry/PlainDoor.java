package dev.athanor.oci.registry;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/// The entrance of a server that speaks plain HTTP and nothing else.
///
/// Docker and podman say hello in TLS first, even to a registry of which they know that it may not
/// understand. The JDK's server would wait for the end of that line, and they for ten seconds; here
/// they are turned away at once, and come again without TLS.
final class PlainDoor implements Closeable {
  /// How a conversation in TLS begins.
  private static final int HANDSHAKE = 0x16;

  private static final byte[] REFUSAL =
      "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int PATIENCE_MILLIS = 1000;

  private final ServerSocket entrance;
  private final InetSocketAddress server;
  private final ExecutorService threads;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private PlainDoor(ServerSocket entrance, InetSocketAddress server, ExecutorService threads) {
    this.entrance = entrance;
    this.server = server;
    this.threads = threads;
  }

  /// Opens a free port of `address` in front of `server`.
  static PlainDoor open(InetAddress address, InetSocketAddress server, ExecutorService threads)
      throws IOException {
    PlainDoor door = new PlainDoor(new ServerSocket(0, 0, address), server, threads);
    threads.execute(door::accept);
    return door;
  }

  int port() {
    return entrance.getLocalPort();
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        Socket guest = entrance.accept();
        open.add(guest);
        threads.execute(() -> receive(guest));
      } catch (IOException | RejectedExecutionException e) {
        // It is closed, or this guest did not make it in; others may.
      }
    }
  }

  private void receive(Socket guest) {
    try {
      int first = guest.getInputStream().read();
      if (first == HANDSHAKE) {
        turnAway(guest);
      } else if (first >= 0) {
        lead(guest, first);
      }
    } catch (IOException | RejectedExecutionException e) {
      // The guest has gone, or the door was closed: there is nobody to tell.
    } finally {
      close(guest);
    }
  }

  /// What the guest still says is heard, or it might never hear the answer.
  private static void turnAway(Socket guest) throws IOException {
    guest.setSoTimeout(PATIENCE_MILLIS);
    guest.getOutputStream().write(REFUSAL);
    guest.shutdownOutput();
    guest.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  private void lead(Socket guest, int first) throws IOException {
    try (Socket inside = new Socket(server.getAddress(), server.getPort())) {
      open.add(inside);
      guest.setTcpNoDelay(true);
      inside.setTcpNoDelay(true);
      threads.execute(() -> {
        copy(inside, guest);
        close(guest);
      });
      inside.getOutputStream().write(first);
      copy(guest, inside);
      open.remove(inside);
    }
  }

  /// Until one of them is closed.
  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      in.transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Either side may go away at any time.
    }
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use in any case.
    }
  }

  @Override
  public void close() throws IOException {
    entrance.close();
    open.forEach(this::close);
  }
}
