package dev.athanor.engine.loading;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.UserException;
import dev.athanor.engine.graph.Graph;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.testing.TestWorkspace;
import dev.athanor.engine.tree.RelativePath;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class PackagesTest {
  private final TestWorkspace workspace = new TestWorkspace();

  private String error(String label) {
    UserException e = assertThrows(UserException.class, () -> workspace.analyze(label));
    return e.getMessage() + e.hint().map(hint -> "\nhint: " + hint).orElse("");
  }

  @Test
  void target_hasDefaultsAndGivenValues() throws Exception {
    workspace.write("a/BUILD", "text(name = 'x', content = 'hi', number = 3)");

    ConfiguredTarget target = workspace.analyze("//a:x");

    assertThat(target.attributes().string("content")).isEqualTo("hi");
    assertThat(target.attributes().integer("number")).isEqualTo(3);
    assertThat(target.attributes().string("mode")).isEqualTo("plain");
    assertThat(target.attributes().isGiven("mode")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text(name='x', contents='a')     | BUILD:1:1: text has no argument 'contents' (did you mean 'content', or texts?)",
        "text(name='x', decsription='a')  | has no argument 'decsription' (did you mean 'description'?)",
        "text(content='a')                | text needs the argument 'name'",
        "text(name='x', content=1)        | the argument 'content' must be a string, not a int",
        "text(name='x', number='1')       | must be a int, not a string",
        "text(name='x', deps='y')         | must be a list of labels, not a string",
        "text(name='x', deps=[1])         | must hold only strings",
        "text(name='x', mode='fency')     | must be one of plain, fancy, not 'fency' (did you mean 'fancy'?)",
        "text(name='x', base=['a','b'])   | takes one value, got a list of 2",
        "text(name='x', deps=['//a//b'])  | invalid label '//a//b'",
        "texxt(name='x')                  | name 'texxt' is not defined (did you mean 'text'?)",
        "text(name='x', deps=[], dependencies=['y']) | are the same attribute, with different values",
        "text(name='a:b')                 | invalid target name 'a:b'",
        "glob(['*.none'])                 | matches no file",
        "glob(['../x'])                   | is not a pattern below the package",
        "text('x')                        | positional",
        "x = 1 +                          | BUILD:1:",
        "load('//none.bzl', 'x')          | cannot load //none.bzl",
      })
  void faultyFile_saysWhereAndWhat(String build, String message) {
    workspace.write("BUILD", build);

    assertThat(error("//:x")).contains(message);
  }

  @Test
  void faultyFile_tellsEveryError() {
    workspace.write(
        "BUILD",
        """
        text(name = 'a', contnt = '')
        text(name = 'b', number = 'x')
        text(name = 'c')
        text(name = 'c')
        """);

    String error = error("//:c");

    assertThat(error).contains("BUILD:1:1");
    assertThat(error).contains("BUILD:2:1");
    assertThat(error).contains("two targets are named 'c': the other one is at BUILD:3:1");
  }

  @Test
  void aliasesWordsAndScalars_areUnderstood() throws Exception {
    workspace.write(
        "BUILD", "text(name='x', dependencies=[':y'], base='nothing', words='w')\ntext(name='y')");

    ConfiguredTarget target = workspace.analyze("//:x");

    assertThat(target.dependencies().stream().map(d -> d.label().toString()).toList())
        .containsExactly("//:void", "//:y");
    assertThat(target.attributes().strings("words")).containsExactly("w");
  }

  @Test
  void macro_makesNamedVariants() throws Exception {
    workspace.write("p/BUILD", "texts(name='t', contents={'a': '1', 'b': '2'}, tags=['x'])");

    assertThat(workspace.expand("//p:all")).containsExactly("//p:t#a", "//p:t#b").inOrder();
    assertThat(workspace.analyze("//p:t#b").attributes().string("content")).isEqualTo("2");
    assertThat(workspace.analyze("//p:t#b").attributes().strings("tags")).containsExactly("x");
  }

  @Test
  void patterns_expandInOrderAndExclude() throws Exception {
    workspace.write("BUILD", "text(name='root')");
    workspace.write("a/BUILD", "text(name='x')\ntext(name='hidden', tags=['manual'])");
    workspace.write("a/b/BUILD", "text(name='y')");
    workspace.write("c/BUILD.athanor", "text(name='z')");
    workspace.write("c/BUILD", "this is another tool's file (");
    workspace.write("athanor-out/d/BUILD", "text(name='no')");
    workspace.write("nested/WORKSPACE", "");
    workspace.write("nested/BUILD", "text(name='no')");

    assertThat(workspace.expand("//..."))
        .containsExactly("//:root", "//a:x", "//a/b:y", "//c:z")
        .inOrder();
    assertThat(workspace.expand("//...", "-//a/...")).containsExactly("//:root", "//c:z");
    assertThat(workspace.expand("//a:hidden", "//a:all", "//a:x"))
        .containsExactly("//a:hidden", "//a:x")
        .inOrder();
  }

  @Test
  void unknownNames_suggestNearOnes() {
    workspace.write("app/BUILD", "text(name='server')");

    assertThat(error("//app:sever")).contains("did you mean //app:server?");
    assertThat(error("//ap:server")).contains("did you mean //app?");
    assertThat(error("//app:zzz")).contains("the package has server");
  }

  @Test
  void cycle_printsThePath() {
    workspace.write("BUILD", "text(name='a', deps=[':b'])\ntext(name='b', deps=[':a'])");

    assertThat(error("//:a")).containsMatch("(?s)dependency cycle:\n.*//:a\n.*//:b\n.*//:a");
  }

  @Test
  void missingDependency_saysWhoNeedsIt() {
    workspace.write("BUILD", "text(name='a', deps=['//gone:x'])");

    assertThat(error("//:a")).contains("needed by //:a at BUILD:1:1");
  }

  @Test
  void glob_findsOwnFilesOnly() throws Exception {
    workspace.write(
        "p/BUILD", "text(name='x', words=glob(['**/*.txt', 'd/?.md'], exclude=['d/skip*']))");
    workspace.write("p/a.txt", "").write("p/d/b.txt", "").write("p/d/skip.txt", "");
    workspace.write("p/d/c.md", "").write("p/d/long.md", "");
    workspace.write("p/sub/BUILD", "").write("p/sub/no.txt", "");

    assertThat(workspace.analyze("//p:x").attributes().strings("words"))
        .containsExactly("a.txt", "d/b.txt", "d/c.md")
        .inOrder();
  }

  @Test
  void outputFile_isALabel() throws Exception {
    workspace.write("BUILD", "text(name='x', outs=['o.txt'])\ntext(name='y', deps=['o.txt'])");

    ConfiguredTarget y = workspace.analyze("//:y");

    assertThat(y.dependencies().getFirst().rule()).isEqualTo("generated file");
    assertThat(y.actions().getFirst().inputs().toString()).contains("out/o.txt");
  }

  @Test
  void select_choosesByFlags() throws Exception {
    workspace.write(
        "BUILD",
        """
        setting(name = 'fast', flags = {'speed': 'fast'})
        setting(name = 'fastest', flags = {'speed': 'fast', 'really': 'yes'})
        text(
            name = 'x',
            words = ['always'] + select({':fast': ['f'], '//conditions:default': ['d']}) + ['end'],
            content = select({':fast': 'quick', '//conditions:default': 'slow'}),
        )
        """);

    assertThat(workspace.analyze("//:x").attributes().strings("words"))
        .containsExactly("always", "d", "end")
        .inOrder();
    workspace.define("speed", "fast");
    assertThat(workspace.analyze("//:x").attributes().string("content")).isEqualTo("quick");
  }

  @Test
  void select_withoutMatch_saysSo() {
    workspace.write(
        "BUILD",
        """
        setting(name = 's', flags = {'f': '1'})
        text(name = 'x', content = select({':s': 'a'}))
        text(name = 'y', content = select({':s': 'a'}, no_match_error = 'needs --define f=1'))
        text(name = 'z', outs = select({':s': ['a']}))
        """);

    assertThat(error("//:x")).contains("must not depend on the configuration");
    workspace.write(
        "BUILD",
        """
        setting(name = 's', flags = {'f': '1'})
        text(name = 'x', content = select({':s': 'a'}))
        text(name = 'y', content = select({':s': 'a'}, no_match_error = 'needs --define f=1'))
        """);
    assertThat(error("//:x")).contains("no condition holds of //:s");
    assertThat(error("//:y")).contains("needs --define f=1");
  }

  @Test
  void visibility_isChecked() throws Exception {
    workspace.write(
        "lib/BUILD",
        """
        package(default_visibility = ['//visibility:private'])
        text(name = 'secret')
        text(name = 'friend', visibility = ['//app:__pkg__'])
        text(name = 'family', visibility = ['//app:__subpackages__'])
        """);
    workspace.write(
        "app/BUILD",
        "text(name='ok', deps=['//lib:friend', '//lib:family'])\ntext(name='no', deps=['//lib:secret'])");
    workspace.write(
        "app/sub/BUILD",
        "text(name='ok', deps=['//lib:family'])\ntext(name='no', deps=['//lib:friend'])");

    var _ = workspace.analyze("//app:ok");
    var _ = workspace.analyze("//app/sub:ok");
    assertThat(error("//app:no"))
        .contains("app/BUILD:2:1: //lib:secret is not visible to //app:no");
    assertThat(error("//app/sub:no")).contains("it is visible to //app");
  }

  @Test
  void load_sharesFunctionsAcrossPackages() throws Exception {
    workspace.write("rules/BUILD", "");
    workspace.write(
        "rules/defs.bzl",
        "def pair(name):\n  text(name = name + '1')\n  native.text(name = name + '2')\n");
    workspace.write("a/BUILD", "load('//rules:defs.bzl', both = 'pair')\nboth('x')");

    assertThat(workspace.expand("//a:all")).isEqualTo(List.of("//a:x1", "//a:x2"));
  }

  @Test
  void load_cycle_printsTheChain() {
    workspace.write("a.bzl", "load('//:b.bzl', 'y')\nx = 1\n");
    workspace.write("b.bzl", "load('//:a.bzl', 'x')\ny = 1\n");
    workspace.write("BUILD", "load('//:a.bzl', 'x')");

    assertThat(error("//:x")).containsMatch("(?s)cycle.*a.bzl.*b.bzl.*a.bzl");
  }

  @Test
  void errorInMacro_showsTheWayThere() {
    workspace.write(
        "m.bzl", "def inner(n):\n  text(name = n, contnt = 1)\ndef outer(n):\n  inner(n)\n");
    workspace.write("BUILD", "load('//:m.bzl', 'outer')\n\nouter('x')");

    String error = error("//:x");

    assertThat(error).contains("m.bzl:2:3");
    assertThat(error).contains("BUILD:3:1");
  }

  /// In one graph, over several revisions: what is loaded again is what changed, and nothing else.
  @Test
  void refresh_reloadsOnlyWhatChanged() throws Exception {
    for (int i = 0; i < 20; i++) {
      workspace.write(
          "p" + i + "/BUILD", "text(name = 'x', words = glob(['*.txt'], allow_empty = True))");
    }
    workspace.write("p7/a.txt", "");
    Packages packages = workspace.packages();
    Graph graph = new Graph();
    List<PackageKey> keys =
        IntStream.range(0, 20).mapToObj(i -> packages.key(RelativePath.of("p" + i))).toList();
    var _ = graph.getAll(keys);
    assertThat(graph.computed()).isEqualTo(20);

    graph.refresh();
    var _ = graph.getAll(keys);
    assertThat(graph.computed()).isEqualTo(0);

    workspace.write("p3/BUILD", "text(name = 'y')");
    workspace.write("p7/b.txt", "");
    graph.refresh();
    List<LoadedPackage> loaded = graph.getAll(keys);

    assertThat(graph.computed()).isEqualTo(2);
    assertThat(loaded.get(3).targets().keySet()).containsExactly("y");
    assertThat(loaded.get(7).targets().values().iterator().next().attributes().strings("words"))
        .containsExactly("a.txt", "b.txt");
  }
}
