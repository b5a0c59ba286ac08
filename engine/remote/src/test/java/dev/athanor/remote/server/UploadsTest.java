package dev.athanor.remote.server;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.remote.server.TestServer.noise;

import com.google.protobuf.ByteString;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.digest.Digester;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Uploads that nobody goes on with.
@Timeout(60)
final class UploadsTest {
  @TempDir Path temp;

  @Test
  void cutUpload_goesInTime_thoughNoOtherIsCut() throws Exception {
    byte[] bytes = noise(1, 1000);
    ResourceName name = ResourceName.ofUpload("uploads/1/blobs/" + Digester.digest(bytes));
    try (DiskBlobStore store = DiskBlobStore.open(temp);
        Stock stock = new Stock(store, Bound.NONE, _ -> {});
        Uploads uploads = new Uploads(stock, Duration.ofMillis(300))) {
      Shelf shelf = new Shelf(store, stock, new Metrics(), Duration.ofMinutes(1));
      Upload upload = new Upload(name, shelf.write());
      upload.write(ByteString.copyFrom(bytes, 0, 500));

      uploads.keep(name, upload);

      assertThat(stock.bytes()).isEqualTo(500);
      while (stock.bytes() > 0) {
        Thread.sleep(5);
      }
      assertThat(uploads.resumable(name)).isEmpty();
    }
  }
}
