package dev.athanor.oci.rootfs;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.oci.layer.Entries.device;
import static dev.athanor.oci.layer.Entries.fifo;
import static dev.athanor.oci.layer.Entries.file;
import static dev.athanor.oci.layer.Entries.link;
import static dev.athanor.oci.layer.Entries.owned;

import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an unprivileged user gets, seen by one: the test starts itself again as `nobody`.
@Tag("peers")
class RootlessTest {
  @TempDir Path temporary;

  @Test
  void materialize_thenCapture_asNobody() throws IOException {
    Nobody nobody = new Nobody(temporary);

    String output = nobody.java(Program.class, nobody.home().toString());

    assertThat(output)
        .isEqualTo(
            """
            note: not permitted to set extended attributes such as security.capability
            d0755 0:0 1970-01-01T00:00:00Z /
            d0755 0:0 1970-01-01T00:00:00Z /dev
            -0666 0:0 1970-01-01T00:00:00Z /dev/null %1$s/0
            -0755 0:0 1970-01-01T00:00:05Z {user.x=y} /file %2$s links 2 /file
            d0000 0:0 1969-12-31T23:58:20Z /locked
            d0000 0:0 1970-01-01T00:00:00Z /locked/in
            -0000 0:0 1970-01-01T00:00:00Z {user.s=t} /locked/in/secret %3$s
            l0777 0:0 1970-01-01T00:00:07Z /s -> /nowhere
            d0755 0:0 1970-01-01T00:00:00Z /x
            -0755 0:0 1970-01-01T00:00:05Z {user.x=y} /x/link %2$s links 2 /file
            p0600 0:0 1970-01-01T00:00:00Z /x/pipe
            modes: 0 0
            left: 0
            """
                .formatted(dev.athanor.engine.digest.Digest.EMPTY.hex(), digest("f"), digest("s")));
  }

  private static String digest(String text) {
    return dev.athanor.oci.layer.Content.of(text).digest().toString();
  }

  /// What runs as `nobody`.
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws IOException {
      Path directory = Path.of(args[0]).resolve("root");
      Images images = new Images();
      RootFs root = images.layers(entries());
      new Materialize(images.store, Materialize.Owners.CALLER, 2)
          .materialize(root, directory)
          .forEach(note -> System.out.println("note: " + note));

      RootFs captured =
          new Capture(
                  images.store,
                  new Capture.Options(Masks.NONE, Optional.empty(), Capture.Owners.CALLER))
              .directory(directory);

      System.out.print(images.text(captured));
      try (LinuxReader reader = new LinuxReader(directory)) {
        EntryPath locked = EntryPath.parse("locked");
        System.out.println(
            "modes: "
                + mode(reader, locked)
                + " "
                + (reader.stat(locked).attributes().uid() == 65534 ? 0 : 1));
      }
      DeleteTree.delete(directory);
      System.out.println("left: " + (Files.exists(directory) ? 1 : 0));
    }

    private static String mode(LinuxReader reader, EntryPath path) throws IOException {
      return Integer.toOctalString(reader.stat(path).attributes().mode());
    }

    private static List<Entry> entries() {
      Attributes rich =
          owned(0755, 1000, 1000, 5)
              .withXattrs(
                  Map.of(
                      Bytes.utf8("user.x"), Bytes.utf8("y"),
                      Bytes.utf8("security.capability"),
                          Bytes.of(
                              new byte[] {
                                0, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
                              })));
      return List.of(
          file("file", rich, "f"),
          link("x/link", "file"),
          fifo("x/pipe"),
          device("dev/null", 1, 3),
          new Entry.Symlink(EntryPath.parse("s"), owned(0777, 3, 3, 7), Bytes.utf8("/nowhere")),
          new Entry.Directory(EntryPath.parse("locked"), owned(0, 5, 5, -100)),
          new Entry.Directory(EntryPath.parse("locked/in"), Attributes.of(0)),
          file(
              "locked/in/secret",
              Attributes.of(0).withXattrs(Map.of(Bytes.utf8("user.s"), Bytes.utf8("t"))),
              "s"));
    }
  }
}
