package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What stays in a slot from one run to the next.
final class SlotTest {
  @TempDir Path folder;
  private Slot slot;

  @BeforeEach
  void create() throws IOException {
    slot = new Slot(folder);
  }

  private void make(String... directories) throws IOException {
    slot.make(Stream.of(directories).map(slot.build()::resolve).toList());
  }

  private List<String> there() throws IOException {
    try (Stream<Path> files = Files.walk(slot.build())) {
      return files.skip(1).map(file -> slot.build().relativize(file).toString()).sorted().toList();
    }
  }

  @Test
  void directories_areThoseThatAreWanted() throws IOException {
    make("out/a", "src");
    assertThat(there()).containsExactly("out", "out/a", "src");

    Object before = Files.getAttribute(slot.build().resolve("out"), "unix:ino");
    make("out/b");
    assertThat(there()).containsExactly("out", "out/b");
    assertThat(Files.getAttribute(slot.build().resolve("out"), "unix:ino")).isEqualTo(before);

    make();
    assertThat(there()).isEmpty();
  }

  @Test
  void clean_leavesOnlyDirectoriesThatWereMade() throws IOException {
    make("out/a", "src");
    Files.writeString(slot.build().resolve("out/a/file"), "x");
    Files.createDirectories(slot.build().resolve("out/new/deep"));
    Files.createSymbolicLink(slot.build().resolve("link"), Path.of("/"));
    Files.writeString(slot.stdout(), "printed");

    slot.clean();

    assertThat(there()).containsExactly("out", "out/a", "src");
    assertThat(Files.size(slot.stdout())).isEqualTo(0);
    make("src/deep");
    assertThat(there()).containsExactly("src", "src/deep");
  }

  @Test
  void directoryThatIsGone_makesTheSlotUseless() throws IOException {
    make("out/a/x", "src");
    ScratchDirs.delete(slot.build().resolve("out"));

    assertThrows(IOException.class, slot::clean);
  }

  @Test
  void streamThatWasChanged_makesTheSlotUseless() throws IOException {
    make("out");
    Files.setPosixFilePermissions(slot.stdout(), PosixFilePermissions.fromString("r--r--r--"));

    assertThrows(IOException.class, slot::clean);
  }

  @Test
  void directoryThatWasChanged_makesTheSlotUseless() throws IOException {
    make("out");
    Files.setPosixFilePermissions(
        slot.build().resolve("out"), PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThrows(IOException.class, slot::clean);
  }

  /// What nine bits of a mode do not show.
  @Test
  void stickyDirectory_makesTheSlotUseless() throws IOException {
    make("out");
    Path out = slot.build().resolve("out");
    Files.setAttribute(out, "unix:mode", (int) Files.getAttribute(out, "unix:mode") | 01000);

    assertThrows(IOException.class, slot::clean);
  }

  @Test
  void attributesOfADirectory_makeTheSlotUseless() throws IOException {
    make("out");
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(slot.build().resolve("out"), UserDefinedFileAttributeView.class);
    int written = view.write("left", ByteBuffer.wrap(new byte[] {1}));
    assertThat(written).isEqualTo(1);

    assertThrows(IOException.class, slot::clean);
  }
}
