package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import dev.athanor.engine.UserException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the pages say of the command line and of BUILD files is so. Pages whose commands are run
/// are [TranscriptTest]'s and [TutorialTest]'s business besides.
final class DocsTest {
  /// Flags of other programs, where they stand alone.
  private static final Set<String> FOREIGN =
      Set.of(
          "--authfile",
          "--date",
          "--enable-native-access",
          "--fix",
          "--invalidation-mode",
          "--security-opt");

  private static final Set<String> OTHER_LANGUAGES =
      Set.of("python", "java", "xml", "nginx", "json", "dot");
  private static final Pattern SETTINGS =
      Pattern.compile("(#.*\\n)*(workspace|registry|remote_cache|platform|cache)\\(");
  private static final Pattern NAMED =
      Pattern.compile("# ((?:[\\w-]+/)*(?:BUILD|WORKSPACE|[\\w-]+\\.bzl))\\n");
  private static final Pattern GLOBBED = Pattern.compile("glob\\(\\[([^]]*)]");
  private static final Pattern SOURCE = Pattern.compile("srcs = \\[\"([\\w./]+)\"]");

  @TempDir Path temp;

  static List<MarkdownPage> pages() {
    return MarkdownPage.all();
  }

  @Test
  void pages_areFound() {
    assertThat(pages().stream().map(MarkdownPage::toString))
        .containsAtLeast(
            "README.md", "docs/images.md", "docs/decisions/0001-maven-modules-without-jpms.md");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void links_leadSomewhere(MarkdownPage page) {
    Path here = TestWorkspace.CHECKOUT.resolve(page.file());
    List<String> broken = new ArrayList<>();
    for (MarkdownPage.Span link : page.links()) {
      if (link.text().matches("\\w+:.*")) {
        continue;
      }
      String[] parts = link.text().split("#", 2);
      Path target = parts[0].isEmpty() ? here : here.resolveSibling(parts[0]).normalize();
      if (!Files.exists(target)
          || (parts.length > 1 && !MarkdownPage.read(target).anchors().contains(parts[1]))) {
        broken.add(page + ":" + link.line() + ": " + link.text());
      }
    }
    assertThat(broken).isEmpty();
  }

  /// Commands and flags, in blocks and in backticks.
  @ParameterizedTest
  @MethodSource("pages")
  void commandLines_areUnderstood(MarkdownPage page) {
    List<String> wrong = new ArrayList<>();
    for (MarkdownPage.Block block : page.blocks()) {
      if (!OTHER_LANGUAGES.contains(block.language()) && !page.isGenerated()) {
        for (ShellLines.Call call : ShellLines.calls(block.text())) {
          check(call.words(), page + ":" + (block.line() + call.line()), wrong);
        }
      }
    }
    for (MarkdownPage.Span code : page.code()) {
      if (code.text().matches("(\\./)?athanor .*")) {
        List<String> words = ShellLines.words(code.text());
        check(words.subList(1, words.size()), page + ":" + code.line(), wrong);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private void check(List<String> words, String where, List<String> wrong) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Terminal terminal = new Terminal(nowhere, nowhere, false, 80, Map.of(), temp);
    try {
      new CommandLineParser(Commands.all()).parse(words, terminal);
    } catch (UserException e) {
      wrong.add(where + ": athanor " + String.join(" ", words) + ": " + e.getMessage());
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void flags_exist_andTakeAValueWhereOneStands(MarkdownPage page) {
    Map<String, Option> known = flags();
    List<String> wrong = new ArrayList<>();
    for (MarkdownPage.Span code : page.code()) {
      Matcher flag = Pattern.compile("(--[a-z][a-z-]*)(?:([= ])\\S.*)?").matcher(code.text());
      if (flag.matches() && !FOREIGN.contains(flag.group(1))) {
        Option option = known.get(flag.group(1));
        if (option == null || ("=".equals(flag.group(2)) && !option.hasArg())) {
          wrong.add(page + ":" + code.line() + ": " + code.text());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static Map<String, Option> flags() {
    Map<String, Option> flags = new TreeMap<>();
    Stream.concat(Stream.of(GlobalFlags.options()), Commands.all().stream().map(Command::options))
        .flatMap(options -> options.getOptions().stream())
        .forEach(option -> flags.put("--" + option.getLongOpt(), option));
    return flags;
  }

  /// Rules, functions and attributes exist, and values have the types that these want. A block that
  /// begins with an indented line shows attributes of an image.
  @ParameterizedTest
  @MethodSource("pages")
  void starlark_loads(MarkdownPage page) {
    List<MarkdownPage.Block> blocks =
        page.blocks().stream().filter(block -> block.language().equals("python")).toList();
    TestWorkspace workspace = TestWorkspace.in(temp);
    blocks.stream().filter(b -> pathOf(b).endsWith(".bzl")).forEach(b -> write(workspace, b));
    for (MarkdownPage.Block block : blocks) {
      if (SETTINGS.matcher(block.text()).lookingAt()) {
        settings(block, page);
      } else {
        write(workspace, block);
        loads(workspace, page, block);
      }
    }
  }

  private void settings(MarkdownPage.Block block, MarkdownPage page) {
    TestWorkspace workspace = TestWorkspace.in(temp.resolve("settings" + block.line()));
    workspace.write("BUILD", "");
    if (block.text().startsWith("# ~/.config/athanor/config\n")) {
      workspace.write("config", block.text()).env("ATHANOR_CONFIG", workspace.root + "/config");
    } else {
      workspace.write("WORKSPACE", block.text());
    }
    loads(workspace, page, block);
  }

  /// The file that a block is, by its first line, or one of its own.
  private static String pathOf(MarkdownPage.Block block) {
    Matcher name = NAMED.matcher(block.text());
    return name.lookingAt() ? name.group(1) : "block" + block.line() + "/BUILD";
  }

  private static void write(TestWorkspace workspace, MarkdownPage.Block block) {
    String text =
        block.text().startsWith(" ")
            ? "oci_build_image(name = 'image', base = 'scratch',\n" + block.text() + ")\n"
            : block.text();
    String file = pathOf(block);
    workspace.write(file, text);
    String folder = file.replaceFirst("[^/]*$", "");
    if (file.endsWith(".bzl")) {
      String defined =
          Pattern.compile("^([a-z]\\w*) = ", Pattern.MULTILINE)
              .matcher(text)
              .results()
              .map(found -> "'" + found.group(1) + "'")
              .collect(Collectors.joining(", "));
      workspace.write(
          folder + "BUILD", "load('%s', %s)\n".formatted(file.replaceFirst(".*/", ":"), defined));
    }
    for (Matcher glob = GLOBBED.matcher(text); glob.find(); ) {
      for (String pattern : glob.group(1).replace("\"", "").split(", *", -1)) {
        workspace.write(folder + pattern.replace("**/", "").replace("*", "x"), "");
      }
    }
  }

  private static void loads(TestWorkspace workspace, MarkdownPage page, MarkdownPage.Block block) {
    CliResult result = workspace.athanor("query", "//...");
    assertWithMessage("%s:%s: %s", page, block.line(), result).that(result.code()).isEqualTo(0);
  }

  static List<MarkdownPage> guides() {
    return pages().stream().filter(page -> page.file().startsWith("docs")).toList();
  }

  /// Whoever reads a page as it is shown does not see the comment that names a file. Those of an
  /// example lie beside its page.
  @ParameterizedTest
  @MethodSource("guides")
  void files_areNamedInSight(MarkdownPage page) {
    Pattern comment = Pattern.compile("<!-- (?:file|append): (\\S+) -->");
    String paragraph = "";
    boolean ended = false;
    for (String line : page.prose()) {
      Matcher file = comment.matcher(line);
      if (file.matches()) {
        assertWithMessage("%s", page).that(paragraph).contains("`" + file.group(1) + "`");
      } else if (line.isBlank()) {
        ended = true;
      } else {
        paragraph = ended ? line : paragraph + line;
        ended = false;
      }
    }
  }

  /// The README's example can be built, but for the registry that is not there: its actions are
  /// declared.
  @Test
  void readme_showsWhatCanBeBuilt() {
    MarkdownPage page = MarkdownPage.read(TestWorkspace.CHECKOUT.resolve("README.md"));
    MarkdownPage.Block block =
        page.blocks().stream().filter(b -> b.language().equals("python")).findFirst().orElseThrow();
    TestWorkspace workspace = TestWorkspace.in(temp);
    write(workspace, block);
    SOURCE.matcher(block.text()).results().forEach(f -> workspace.write("app/" + f.group(1), ""));

    CliResult actions = workspace.athanor("query", "--actions", "deps(//app:image)").succeeds();

    assertThat(actions.out()).contains("fetch //app:base");
    assertThat(actions.out()).contains("push //app:image");
  }
}
