package dev.athanor.remote.server;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.digest.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResourceNameTest {
  private static final String BLOB = Digest.EMPTY.hex() + "/0";

  @ParameterizedTest
  @ValueSource(strings = {"", "team/", "a/b/c/", "blobs/", "uploads/"})
  void anyInstance_isAsGoodAsAnother(String instance) {
    assertThat(ResourceName.ofBlob(instance + "blobs/" + BLOB))
        .isEqualTo(new ResourceName("", false, Digest.EMPTY));
    assertThat(ResourceName.ofBlob(instance + "compressed-blobs/zstd/" + BLOB))
        .isEqualTo(new ResourceName("", true, Digest.EMPTY));
    assertThat(ResourceName.ofUpload(instance + "uploads/id/blobs/sha256/" + BLOB))
        .isEqualTo(new ResourceName("id", false, Digest.EMPTY));
  }

  @Test
  void whatFollowsAnUpload_isForPeople() {
    assertThat(ResourceName.ofUpload("uploads/id/compressed-blobs/zstd/" + BLOB + "/a/file.o"))
        .isEqualTo(new ResourceName("id", true, Digest.EMPTY));
  }

  @Test
  void anythingElse_isNoName() {
    for (String name :
        new String[] {
          "",
          "blobs",
          BLOB,
          "blobs/abc/3",
          "blobs/" + Digest.EMPTY.hex(),
          "blobs/" + Digest.EMPTY.hex() + "/-1",
          "blobs/" + Digest.EMPTY.hex() + "/99999999999999999999",
          "blobs/" + BLOB + "/more",
          "uploads/id/blobs/" + BLOB,
          "compressed-blobs/deflate/" + BLOB,
        }) {
      assertThrows(IllegalArgumentException.class, () -> ResourceName.ofBlob(name));
    }
    assertThrows(IllegalArgumentException.class, () -> ResourceName.ofUpload("blobs/" + BLOB));
  }
}
