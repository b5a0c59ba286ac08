package dev.athanor.remote.server;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.remote.server.TestServer.noise;
import static dev.athanor.remote.server.TestServer.text;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clients that stop in the middle, without a word.
@Timeout(60)
final class PatienceTest {
  private static final Duration MOST = Duration.ofMillis(400);

  @TempDir Path temp;
  private DiskBlobStore store;
  private Stock stock;
  private HttpDoor door;

  @BeforeEach
  void open() throws IOException {
    store = DiskBlobStore.open(temp);
    stock = new Stock(store, Bound.NONE, _ -> {});
    Metrics metrics = new Metrics();
    door =
        HttpDoor.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.empty(),
            Access.OPEN,
            new Shelf(store, stock, metrics, Duration.ofMinutes(1)),
            stock,
            metrics,
            MOST);
  }

  @AfterEach
  void close() throws IOException {
    door.close();
    store.close();
  }

  private Socket send(String head) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port());
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write(head.getBytes(US_ASCII));
    return socket;
  }

  private int incoming() throws IOException {
    try (var files = Files.list(store.layout().tmp())) {
      return (int) files.count();
    }
  }

  @Test
  void upload_thatStops_isGivenUp() throws Exception {
    String hash = Digester.digest(text("whatever")).hex();
    String head = "PUT /cas/" + hash + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n";
    try (Socket socket = send(head + "x".repeat(100))) {
      while (stock.bytes() == 0) {
        Thread.sleep(5);
      }
      assertThat(incoming()).isEqualTo(1);

      assertThat(socket.getInputStream().readAllBytes()).isEmpty();

      while (incoming() > 0 || stock.bytes() > 0) {
        Thread.sleep(5);
      }
    }
  }

  /// It is the pauses that count.
  @Test
  void upload_thatIsSlow_isTaken() throws Exception {
    byte[] bytes = text("slow as ever");
    Digest digest = Digester.digest(bytes);
    String head = "PUT /cas/" + digest.hex() + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
    try (Socket socket = send(head + "Content-Length: " + bytes.length + "\r\n\r\n")) {
      for (byte each : bytes) {
        Thread.sleep(MOST.dividedBy(8));
        socket.getOutputStream().write(each);
      }
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .startsWith("HTTP/1.1 200");
    }
    assertThat(store.read(digest)).isEqualTo(bytes);
  }

  @Test
  void request_withoutAnEnd_isGivenUp() throws Exception {
    try (Socket socket = send("GET /healthz HTTP/1.1\r\nHost:")) {
      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    }
  }

  @Test
  void download_thatNobodyTakes_isGivenUp() throws Exception {
    byte[] bytes = noise(1, 32 << 20);
    Digest digest = store.put(bytes);
    try (Socket socket = send("GET /cas/" + digest.hex() + " HTTP/1.1\r\nHost: a\r\n\r\n")) {
      Thread.sleep(MOST.multipliedBy(4));
      // What stands in buffers still comes.
      int left = 0;
      try {
        left = socket.getInputStream().readAllBytes().length;
      } catch (IOException e) {
        // Or the line breaks at once.
      }
      assertThat(left).isLessThan(bytes.length);
    }
  }
}
