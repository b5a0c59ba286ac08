package dev.athanor.oci.registry;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ImageServerTest {
  private final SampleImage image = SampleImage.of(1, 1000, 2000, 0);
  private final MemoryBlobStore store = new MemoryBlobStore();
  private final HttpClient http = HttpClient.newHttpClient();
  private FakeRegistry origin;
  private RegistryClient client;
  private ImageServer server;

  @BeforeEach
  void start() throws IOException {
    origin = FakeRegistry.start();
    client = new RegistryClient(RegistryConfig.DEFAULT, Credentials.ANONYMOUS);
    server = ImageServer.start(store, () -> client);
  }

  @AfterEach
  void stop() throws IOException {
    http.shutdownNow();
    server.close();
    client.close();
    origin.close();
  }

  private ServedImage serve() throws IOException {
    return server.serve("a/b", image.into(store), Map.of());
  }

  /// Serves an image of which the store has only the documents and the config.
  private ServedImage serveShallow() throws IOException {
    image.into(origin, "base", "1");
    store.put(image.config().bytes());
    store.put(image.manifest().bytes());
    Map<Digest, Repository> origins = new HashMap<>();
    image.manifest().layers().forEach(it -> origins.put(it.blob(), origin.repository("base")));
    return server.serve("a/b", image.manifest().descriptor(), origins);
  }

  private HttpResponse<byte[]> ask(
      ServedImage served, String method, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://" + served.reference().repository().registry() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private String layerPath(int number) {
    return "/v2/a/b/blobs/" + image.manifest().layers().get(number).digest();
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @Test
  void client_pullsAll_byDigestAndByTag() throws IOException {
    ServedImage served = serve();
    MemoryBlobStore other = new MemoryBlobStore();
    Repository repository = served.reference().repository();

    assertThat(client.document(served.reference())).isEqualTo(image.manifest());
    assertThat(client.document(repository.tag("latest"))).isEqualTo(image.manifest());
    assertThat(client.documents().head(served.reference())).hasValue(image.manifest().descriptor());
    client.pullBlobs(repository, image.manifest().children(), other);

    assertThat(other.digests())
        .containsAtLeastElementsIn(
            image.manifest().children().stream().map(Descriptor::blob).toList());
    assertThat(served.traffic().transferred()).isEqualTo(3);
    assertThat(served.traffic().layers()).isEqualTo(3);
    assertThat(served.traffic().bytes())
        .isEqualTo(3000 + image.config().bytes().length + 2L * image.manifest().bytes().length);
  }

  @Test
  void manifest_hasTypeDigestAndLength_alsoWithoutItsBody()
      throws IOException, InterruptedException {
    ServedImage served = serve();
    for (String method : List.of("GET", "HEAD")) {
      HttpResponse<byte[]> answer = ask(served, method, "/v2/a/b/manifests/latest");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type"))
          .hasValue(image.manifest().mediaType());
      assertThat(answer.headers().firstValue("Docker-Content-Digest"))
          .hasValue(image.manifest().descriptor().digest().toString());
      assertThat(answer.headers().firstValueAsLong("Content-Length"))
          .hasValue(image.manifest().bytes().length);
      assertThat(answer.body())
          .isEqualTo(method.equals("GET") ? image.manifest().bytes() : new byte[0]);
    }
  }

  @Test
  void range_givesThatPart() throws IOException, InterruptedException {
    ServedImage served = serve();
    byte[] layer = image.layers().get(1);

    HttpResponse<byte[]> rest = ask(served, "GET", layerPath(1), "Range", "bytes=500-");
    HttpResponse<byte[]> part = ask(served, "GET", layerPath(1), "Range", "bytes=10-19");
    HttpResponse<byte[]> beyond = ask(served, "GET", layerPath(1), "Range", "bytes=2000-");
    HttpResponse<byte[]> odd = ask(served, "GET", layerPath(1), "Range", "bytes=9-1,5-6");

    assertThat(rest.statusCode()).isEqualTo(206);
    assertThat(rest.headers().firstValue("Content-Range")).hasValue("bytes 500-1999/2000");
    assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(layer, 500, 2000));
    assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 10-19/2000");
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(layer, 10, 20));
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(beyond.headers().firstValue("Content-Range")).hasValue("bytes */2000");
    assertThat(odd.statusCode()).isEqualTo(200);
    assertThat(odd.body()).isEqualTo(layer);
  }

  /// The store may hold the user's whole life: only what belongs to the image is given.
  @Test
  void anythingElse_isNotGiven() throws IOException, InterruptedException {
    ServedImage served = serve();
    Digest secret = store.put("a secret".getBytes(StandardCharsets.UTF_8));
    server.serve("other", SampleImage.of(9, 10).into(store), Map.of());
    String another = SampleImage.of(9, 10).manifest().layers().getFirst().digest().toString();

    assertThat(text(ask(served, "GET", "/v2/a/b/blobs/sha256:" + secret.hex())))
        .contains("\"code\":\"BLOB_UNKNOWN\"");
    assertThat(text(ask(served, "GET", "/v2/a/b/blobs/" + another))).contains("BLOB_UNKNOWN");
    assertThat(text(ask(served, "GET", "/v2/a/b/manifests/sha256:" + secret.hex())))
        .contains("MANIFEST_UNKNOWN");
    assertThat(text(ask(served, "GET", "/v2/a/b/manifests/1"))).contains("MANIFEST_UNKNOWN");
    assertThat(text(ask(served, "GET", "/v2/b/manifests/latest"))).contains("NAME_UNKNOWN");
    assertThat(text(ask(served, "GET", "/v2/a/b/tags/list"))).contains("NAME_UNKNOWN");
    assertThat(ask(served, "GET", "/etc/passwd").statusCode()).isEqualTo(404);
    assertThat(ask(served, "HEAD", "/v2/b/blobs/" + another).statusCode()).isEqualTo(404);
    assertThat(ask(served, "GET", "/v2/").statusCode()).isEqualTo(200);
  }

  @Test
  void nothing_canBePut() throws IOException, InterruptedException {
    ServedImage served = serve();
    for (String method : List.of("PUT", "POST", "PATCH", "DELETE")) {
      HttpResponse<byte[]> answer = ask(served, method, "/v2/a/b/blobs/uploads/");

      assertThat(answer.statusCode()).isEqualTo(405);
      assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
      assertThat(text(answer)).contains("\"code\":\"UNSUPPORTED\"");
    }
  }

  @Test
  void base_comesFromItsOrigin_onlyWhenItsBytesAreWanted()
      throws IOException, InterruptedException {
    ServedImage served = serveShallow();

    assertThat(client.document(served.reference())).isEqualTo(image.manifest());
    assertThat(client.hasBlob(served.reference().repository(), layer(0))).isTrue();
    assertThat(origin.requests()).isEmpty();
    assertThat(ask(served, "GET", layerPath(0)).body()).isEqualTo(image.layers().getFirst());
    assertThat(ask(served, "GET", layerPath(0)).body()).isEqualTo(image.layers().getFirst());

    assertThat(origin.log())
        .containsExactly("GET /v2/base/blobs/" + image.manifest().layers().getFirst().digest());
    assertThat(served.traffic().transferred()).isEqualTo(1);
  }

  private Digest layer(int number) {
    return image.manifest().layers().get(number).blob();
  }

  @Test
  void complete_bringsTheRest() throws IOException {
    ServedImage served = serveShallow();

    served.complete();

    for (int i = 0; i < image.layers().size(); i++) {
      assertThat(store.contains(layer(i))).isTrue();
    }
    assertThat(served.traffic().transferred()).isEqualTo(0);
  }

  @Test
  void origin_thatLostABlob_isTheReasonOfTheFailure() throws IOException, InterruptedException {
    ServedImage served = serveShallow();
    origin.close();
    assertThat(served.failure()).isEmpty();

    HttpResponse<byte[]> answer = ask(served, "GET", layerPath(1));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(text(answer)).contains("\"code\":\"DENIED\"");
    assertThat(served.failure().orElseThrow()).isInstanceOf(RegistryException.class);
    assertThat(served.failure().orElseThrow()).hasMessageThat().contains("refused");
  }

  @Test
  void blobThatIsNowhere_isMissedAtOnce_orWhenItIsLost() throws IOException, InterruptedException {
    ServedImage served = serve();
    store.remove(layer(1));

    assertThat(
            assertThrows(
                    MissingBlobException.class,
                    () -> server.serve("c", image.manifest().descriptor(), Map.of()))
                .digest())
        .isEqualTo(layer(1));
    assertThat(ask(served, "GET", layerPath(1)).statusCode()).isEqualTo(403);
    assertThat(served.failure().orElseThrow()).isInstanceOf(MissingBlobException.class);
  }

  /// Docker and podman try TLS first, and would wait for ten seconds.
  @Test
  void helloInTls_isTurnedAwayAtOnce() throws IOException {
    String[] place = serve().reference().repository().registry().split(":", -1);
    try (Socket socket = new Socket(place[0], Integer.parseInt(place[1]))) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(new byte[] {0x16, 3, 1, 0, 100, 1, 0, 0, 96});
      socket.getOutputStream().flush();

      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void index_isServedWithItsImages() throws IOException {
    SampleImage arm = SampleImage.of(2, Platform.of("linux", "arm64"), 100);
    Index index = Index.of(List.of(image.into(store), arm.into(store)));
    store.put(index.bytes());

    ServedImage served = server.serve("multi", index.descriptor(), Map.of());
    Repository repository = served.reference().repository();

    assertThat(client.document(served.reference())).isEqualTo(index);
    assertThat(client.document(repository, index.manifests().get(1))).isEqualTo(arm.manifest());
    MemoryBlobStore other = new MemoryBlobStore();
    client.pullBlobs(repository, arm.manifest().children(), other);
    assertThat(other.read(Digester.digest(arm.layers().getFirst())))
        .isEqualTo(arm.layers().getFirst());
    assertThat(served.traffic().layers()).isEqualTo(4);
    assertThat(served.traffic().transferred()).isEqualTo(1);
  }
}
