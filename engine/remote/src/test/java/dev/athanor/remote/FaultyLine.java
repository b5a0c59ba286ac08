package dev.athanor.remote;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A line between a client and a server of this machine that delays what goes through, cuts
/// connections, or swallows everything.
public final class FaultyLine implements AutoCloseable {
  private final ServerSocket door;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();

  /// How many more bytes get through until all connections are cut; negative for any number.
  private final AtomicLong left = new AtomicLong(-1);

  /// How many more times that happens.
  private final AtomicInteger cuts = new AtomicInteger();

  private volatile long cutAfter;
  private volatile Duration delay = Duration.ZERO;
  private volatile boolean swallowing;
  private volatile boolean refusing;

  /// @param target the port on this machine that it leads to
  public FaultyLine(int target) throws IOException {
    this.target = target;
    door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  public int port() {
    return door.getLocalPort();
  }

  /// How many connections were made so far.
  public int connections() {
    return connections.get();
  }

  /// Half of it is added in each direction.
  public void delay(Duration roundTrip) {
    delay = roundTrip.dividedBy(2);
  }

  /// Cuts all connections each time so many bytes went through, in either direction.
  public void cutAfter(long bytes, int times) {
    cuts.set(times);
    cutAfter = bytes;
    left.set(bytes);
  }

  /// Takes everything from now on, and passes nothing on.
  public void swallow() {
    swallowing = true;
  }

  /// Cuts all connections, and lets no new ones through.
  public void refuse() {
    refusing = true;
    cut();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = door.accept();
        connections.incrementAndGet();
        if (refusing) {
          client.close();
          continue;
        }
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        open.add(client);
        open.add(server);
        pump(client, server);
        pump(server, client);
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  /// @param data nothing at the end
  private record Piece(ByteString data, long due) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(due, ((Piece) other).due);
    }
  }

  private void pump(Socket from, Socket to) {
    DelayQueue<Piece> late = new DelayQueue<>();
    Thread.startVirtualThread(() -> {
      byte[] buffer = new byte[64 << 10];
      long due = 0;
      try (InputStream in = from.getInputStream()) {
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          // Strictly later than the one before: what is due at once has no order.
          due = Math.max(due + 1, System.nanoTime() + delay.toNanos());
          late.add(new Piece(ByteString.copyFrom(buffer, 0, count), due));
        }
      } catch (IOException e) {
        // Cut.
      }
      late.add(new Piece(ByteString.EMPTY, Math.max(due + 1, System.nanoTime())));
    });
    Thread.startVirtualThread(() -> {
      try (OutputStream out = to.getOutputStream()) {
        for (ByteString data = late.take().data; !data.isEmpty(); data = late.take().data) {
          if (swallowing) {
            continue;
          }
          data.writeTo(out);
          count(data.size());
        }
      } catch (IOException | InterruptedException e) {
        // Cut.
      } finally {
        close(from);
        close(to);
      }
    });
  }

  private void count(int bytes) {
    long before = left.get();
    if (before >= 0 && left.addAndGet(-bytes) < 0 && cuts.getAndDecrement() > 0) {
      cut();
      left.set(cuts.get() > 0 ? cutAfter : -1);
    }
  }

  private void cut() {
    open.forEach(this::close);
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone in any case.
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    cut();
  }
}
