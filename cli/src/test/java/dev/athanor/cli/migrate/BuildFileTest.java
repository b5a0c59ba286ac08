package dev.athanor.cli.migrate;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.starlark.syntax.Dialect;
import dev.athanor.engine.starlark.syntax.Parser;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.testing.Golden;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// BUILD files before and after, with what is told of them: `build-files.txt` has them in threes.
final class BuildFileTest {
  private static final Path SCRIPT =
      Path.of("src/test/resources/dev/athanor/cli/migrate/build-files.txt");
  private static final String NEXT = "====\n";
  private static final String PART = "----\n";

  private static final Map<String, List<Attribute>> RULES =
      Map.of(
          "oci_build_image",
          List.of(
              Attribute.string("name", "").required(),
              Attribute.label("base", "").scalarOrList().word("scratch", "//:empty"),
              Attribute.labels("packages", ""),
              Attribute.strings("commands", ""),
              Attribute.strings("entrypoint", "").scalarOrList(),
              Attribute.string("repository", "")),
          "oci_pull_image",
          List.of(
              Attribute.string("name", "").required(),
              Attribute.string("sha", "").alias("digest"),
              Attribute.string("repository", "")),
          "genrule",
          List.of(
              Attribute.string("name", ""),
              Attribute.labels("srcs", ""),
              Attribute.outputs("outs", ""),
              Attribute.string("cmd", "")),
          "filegroup",
          List.of(Attribute.string("name", ""), Attribute.labels("srcs", "")));

  private final FileSystem disk = Jimfs.newFileSystem(Configuration.unix());
  private final Path root = disk.getPath("/tree");

  @BeforeEach
  void create() throws IOException {
    for (String file : List.of("app/BUILD", "app/conf/x.txt", "lib/BUILD", "lib/sub/y.txt")) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.writeString(root.resolve(file), "");
    }
  }

  @AfterEach
  void close() throws IOException {
    disk.close();
  }

  private BuildFile.Result migrate(String text) {
    return BuildFile.migrate("app/BUILD", text, new Addresses(root, "app"), RULES);
  }

  @Test
  void script() throws IOException {
    StringBuilder actual = new StringBuilder();
    for (String chunk : Files.readString(SCRIPT).split(NEXT, -1)) {
      String input = chunk.split(PART, -1)[0];
      BuildFile.Result result = migrate(input);
      actual.append(actual.isEmpty() ? "" : NEXT).append(input).append(PART);
      actual.append(result.text().orElse("left alone\n")).append(PART);
      for (Note note : result.notes()) {
        actual.append(note.line()).append(note.forYou() ? " for you: " : ": ").append(note.what());
        actual.append(note.hint().isEmpty() ? "\n" : " (" + note.hint() + ")\n");
      }
    }
    Golden.check(SCRIPT, actual.toString());
  }

  /// What comes out can be read, and there is nothing more to do to it.
  @Test
  void everyResult_isABuildFile_andStaysAsItIs() throws IOException {
    for (String chunk : Files.readString(SCRIPT).split(NEXT, -1)) {
      String text = migrate(chunk.split(PART, -1)[0]).text().orElse("");

      assertWithMessage(text)
          .that(Parser.parse(Source.of("BUILD", text), Dialect.BUILD).errors())
          .isEmpty();
      BuildFile.Result again = migrate(text);
      assertThat(again.text().orElseThrow()).isEqualTo(text);
      assertThat(again.notes()).isEmpty();
    }
  }

  @Test
  void nothingIsLost() throws IOException {
    for (String chunk : Files.readString(SCRIPT).split(NEXT, -1)) {
      String input = chunk.split(PART, -1)[0];
      String text = migrate(input).text().orElse(input);

      input
          .lines()
          .filter(line -> line.strip().startsWith("#"))
          .forEach(comment -> assertThat(text).contains(comment.strip()));
    }
  }
}
