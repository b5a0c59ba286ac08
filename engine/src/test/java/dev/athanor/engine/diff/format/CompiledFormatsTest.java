package dev.athanor.engine.diff.format;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.diff.Compared;
import dev.athanor.engine.testing.Peer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// ELF and compiled Python.
final class CompiledFormatsTest {
  @TempDir Path temp;

  private byte[] compiled(String text, String... flags) throws Exception {
    Path source = Files.writeString(temp.resolve("main.c"), text);
    Path program = temp.resolve("program");
    String[] args = new String[flags.length + 3];
    System.arraycopy(flags, 0, args, 0, flags.length);
    args[flags.length] = "-o";
    args[flags.length + 1] = program.toString();
    args[flags.length + 2] = source.toString();
    var _ = Peer.find("gcc").run(args);
    return Files.readAllBytes(program);
  }

  private static String main(String built) {
    return "#include <stdio.h>\nint main(void) { puts(\"built by " + built + "\"); return 0; }\n";
  }

  @Test
  void strings_areShownAsText() throws Exception {
    byte[] before = compiled(main("alice"), "-Wl,--build-id=sha1");
    byte[] after = compiled(main("bobby"), "-Wl,--build-id=sha1");
    List<String> found = Compared.lines(before, after, Formats.GENERAL);
    assertThat(found).hasSize(2);
    assertThat(found.getFirst())
        .matches("\\.note\\.gnu\\.build-id BUILD_ID [0-9a-f]{40} → [0-9a-f]{40}");
    assertThat(found.getLast())
        .matches("\\.rodata: byte \\d+ TEXT built by alice → built by bobby");
  }

  @Test
  void code_isShownAsBytes() throws Exception {
    byte[] before = compiled("int main(void) { return 1; }", "-Wl,--build-id=none");
    byte[] after = compiled("int main(void) { return 2; }", "-Wl,--build-id=none");
    List<String> found = Compared.lines(before, after, Formats.GENERAL);
    assertThat(found).hasSize(1);
    assertThat(found.getFirst()).startsWith(".text: byte 0x");
    assertThat(found.getFirst()).contains(" BYTES ");
  }

  @Test
  void sectionsThatCame_areToldByName() throws Exception {
    byte[] before = compiled("int main(void) { return 1; }", "-s", "-Wl,--build-id=none");
    byte[] after = compiled("int main(void) { return 1; }", "-Wl,--build-id=none");
    assertThat(String.join("\n", Compared.lines(before, after, Formats.GENERAL)))
        .contains(".symtab PRESENCE  → ");
  }

  @Test
  void debugLinksAndComments_areToldByWhatTheySay() throws Exception {
    byte[] before = compiled("int main(void) { return 1; }", "-Wl,--build-id=none");
    Path program = temp.resolve("program");
    Files.write(program, before);
    for (String name : List.of("one", "two")) {
      Files.writeString(temp.resolve(name + ".debug"), name);
      Files.writeString(temp.resolve(name + ".comment"), "compiler " + name + "\0");
      var _ =
          Peer.find("objcopy")
              .run(
                  "--add-gnu-debuglink=" + temp.resolve(name + ".debug"),
                  "--update-section=.comment=" + temp.resolve(name + ".comment"),
                  program.toString(),
                  temp.resolve(name).toString());
    }
    assertThat(
            Compared.lines(
                    Files.readAllBytes(temp.resolve("one")),
                    Files.readAllBytes(temp.resolve("two")),
                    Formats.GENERAL)
                .stream()
                .map(line -> line.replaceAll("[0-9a-f]{8}", "#")))
        .containsExactly(
            ".comment TEXT compiler one → compiler two",
            ".gnu_debuglink: file VALUE one.debug → two.debug",
            ".gnu_debuglink: checksum BUILD_ID # → #");
  }

  @Test
  void python_tellsTimesAndStrings() throws Exception {
    Peer python = Peer.find("python3");
    Path source = temp.resolve("module.py");
    byte[][] compiled = new byte[3][];
    for (int i = 0; i < compiled.length; i++) {
      Files.writeString(source, "def f():\n    return 'value'\n");
      Instant time = Instant.parse("2024-01-01T00:00:0" + Math.min(i, 1) + "Z");
      Files.setLastModifiedTime(source, FileTime.from(time));
      Path out = temp.resolve("module.pyc");
      String shown = i == 2 ? "/tmp/build-2/module.py" : "/tmp/build-1/module.py";
      var _ =
          python.run(
              "-c",
              "import py_compile, sys; py_compile.compile(sys.argv[1], sys.argv[2], sys.argv[3],"
                  + " True, invalidation_mode=py_compile.PycInvalidationMode.TIMESTAMP)",
              source.toString(),
              out.toString(),
              shown);
      compiled[i] = Files.readAllBytes(out);
    }
    assertThat(Compared.lines(compiled[0], compiled[1], Formats.GENERAL))
        .containsExactly("source mtime TIME 2024-01-01T00:00:00Z → 2024-01-01T00:00:01Z");
    List<String> found = Compared.lines(compiled[1], compiled[2], Formats.GENERAL);
    assertThat(found.getFirst())
        .matches(
            "code: byte \\d+ TEXT \\W?/tmp/build-1/module.py.* → \\W?/tmp/build-2/module.py.*");
  }

  /// ELF of 64 bits whose sections all have the same bytes.
  private static byte[] sections(int count, char last) {
    int table = 64 + 1000;
    ByteBuffer elf = ByteBuffer.allocate(table + 64 * count).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1}).put(table - 1, (byte) last);
    elf.putLong(40, table).putShort(58, (short) 64);
    elf.putShort(60, (short) count).putShort(62, (short) count);
    for (int i = 0; i < count; i++) {
      int at = table + 64 * i;
      elf.putInt(at + 4, 1).putLong(at + 24, 64).putLong(at + 32, 1000);
    }
    return elf.array();
  }

  @Test
  void sectionsThatShareBytes_areFew() throws Exception {
    assertThat(Compared.lines(sections(2, 'a'), sections(2, 'b'), Formats.GENERAL).getFirst())
        .startsWith(": byte 0x3e7 BYTES ");
    assertThat(Compared.lines(sections(50, 'a'), sections(50, 'b'), Formats.GENERAL).getFirst())
        .startsWith("byte 0x427 BYTES ");
  }

  @Test
  void damage_neverThrows() throws Exception {
    Compared.damaged(compiled(main("a"), "-gz=zlib", "-g"), Formats.GENERAL);
  }
}
