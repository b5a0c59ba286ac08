package dev.athanor.engine.source;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

final class FileKindTest {
  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());

  private FileKind.Kind kind(String path) {
    return new FileKind(files.getPath(path)).read(null);
  }

  @Test
  void program_isWhatItsOwnerMayExecute_whoeverAsks() throws IOException {
    Path file = Files.createFile(files.getPath("/file"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-xr-x"));
    Path program = Files.createFile(files.getPath("/program"));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Files.createSymbolicLink(files.getPath("/link"), program);

    assertThat(kind("/file")).isEqualTo(FileKind.Kind.FILE);
    assertThat(kind("/program")).isEqualTo(FileKind.Kind.PROGRAM);
    assertThat(kind("/link")).isEqualTo(FileKind.Kind.PROGRAM);
    assertThat(kind("/")).isEqualTo(FileKind.Kind.DIRECTORY);
    assertThat(kind("/gone")).isEqualTo(FileKind.Kind.ABSENT);
  }
}
