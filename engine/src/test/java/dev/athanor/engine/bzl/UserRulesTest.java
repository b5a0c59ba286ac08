package dev.athanor.engine.bzl;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.testing.TestWorkspace;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UserRulesTest {
  private final TestWorkspace workspace = new TestWorkspace().write("src.txt", "source");

  private ConfiguredTarget analyze(String bzl, String build) throws InterruptedException {
    workspace.write("r.bzl", bzl);
    workspace.write("BUILD", build);
    return workspace.analyze("//:x");
  }

  private String error(String bzl, String build) {
    UserException e = assertThrows(UserException.class, () -> analyze(bzl, build));
    return String.valueOf(e.getMessage());
  }

  private static List<String> files(ConfiguredTarget target) {
    return target.providers().defaultInfo().files().stream().map(f -> f.path().text()).toList();
  }

  @Test
  void run_declaresACommand() throws Exception {
    ConfiguredTarget target =
        analyze(
            """
            def _impl(ctx):
                out = ctx.actions.declare_file("dir/" + ctx.label.name)
                args = ctx.actions.args()
                args.add("--out", out).add_all("-i", ctx.files.srcs, format_each = "f=%s")
                args.add_joined(["a", "b"], join_with = ",")
                ctx.actions.run(
                    outputs = [out], executable = "/bin/tool", arguments = [args, "last"],
                    inputs = ctx.files.srcs, env = {"K": "V"}, mnemonic = "Tool",
                )
                return [DefaultInfo(files = depset([out]))]
            r = rule(implementation = _impl, attrs = {"srcs": attr.label_list()})
            """,
            "load(':r.bzl', 'r')\nr(name = 'x', srcs = ['src.txt'])");

    Action.Command command = (Action.Command) target.actions().getFirst();
    assertThat(command.argv())
        .containsExactly("/bin/tool", "--out", "out/dir/x", "-i", "f=src.txt", "a,b", "last")
        .inOrder();
    assertThat(command.env()).containsExactly("K", "V", "PATH", "/bin");
    assertThat(command.mnemonic()).isEqualTo("Tool");
    assertThat(files(target)).containsExactly("out/dir/x");
    assertThat(target.rule()).isEqualTo("r");
  }

  @Test
  void providersAndDepsets_flowUpwards() throws Exception {
    ConfiguredTarget target =
        analyze(
            """
            Info = provider(fields = ["names", "files"])
            def _impl(ctx):
                out = ctx.actions.declare_file(ctx.label.name)
                names = depset([ctx.label.name], transitive = [d[Info].names for d in ctx.attr.deps])
                ctx.actions.write(out, " ".join(names.to_list()))
                return [Info(names = names, files = None), DefaultInfo(files = depset([out]))]
            r = rule(implementation = _impl, attrs = {"deps": attr.label_list(providers = [Info])})
            """,
            """
            load(':r.bzl', 'r')
            r(name = 'x', deps = [':y', ':z'])
            r(name = 'y', deps = [':w'])
            r(name = 'z', deps = [':w'])
            r(name = 'w')
            """);

    Action.Builtin write = (Action.Builtin) target.actions().getFirst();
    assertThat(write.params()).containsEntry("content", "w y z x");
  }

  @Test
  void executable_isReservedAndProvided() throws Exception {
    ConfiguredTarget target =
        analyze(
            """
            def _impl(ctx):
                ctx.actions.write(ctx.outputs.executable, "#!/bin/sh")
                return [DefaultInfo(runfiles = ctx.runfiles(files = ctx.files.data))]
            r = rule(implementation = _impl, executable = True, attrs = {"data": attr.label_list()})
            """,
            "load(':r.bzl', 'r')\nr(name = 'x', data = ['src.txt'])");

    Artifact program = target.providers().defaultInfo().executable().orElseThrow();
    assertThat(program.path().text()).isEqualTo("out/x");
    assertThat(((Artifact.Derived) program).kind()).isEqualTo(Artifact.Derived.Kind.EXECUTABLE);
    assertThat(target.providers().defaultInfo().runfiles()).hasSize(1);
  }

  @Test
  void outputGroups_areKept() throws Exception {
    ConfiguredTarget target =
        analyze(
            """
            def _impl(ctx):
                a = ctx.actions.declare_file("a")
                ctx.actions.write(a, "")
                return [OutputGroupInfo(extra = depset([a]))]
            r = rule(implementation = _impl)
            """,
            "load(':r.bzl', 'r')\nr(name = 'x')");

    assertThat(target.providers().defaultInfo().groups().keySet()).containsExactly("extra");
  }

  @Test
  void depsetOrders_areAsDocumented() throws Exception {
    ConfiguredTarget target =
        analyze(
            """
            def _impl(ctx):
                out = ctx.actions.declare_file("o")
                words = []
                for order in ["default", "preorder", "topological"]:
                    c = depset(["c"], order = order)
                    a = depset(["a"], order = order, transitive = [c])
                    b = depset(["b"], order = order, transitive = [c])
                    words.append("".join(depset(["t"], order = order, transitive = [a, b]).to_list()))
                ctx.actions.write(out, " ".join(words))
                return []
            r = rule(implementation = _impl)
            """,
            "load(':r.bzl', 'r')\nr(name = 'x')");

    Action.Builtin write = (Action.Builtin) target.actions().getFirst();
    assertThat(write.params()).containsEntry("content", "cabt tacb tabc");
  }

  @Test
  void privateAttribute_hasItsDefaultAndNoOther() throws Exception {
    String bzl =
        """
        def _impl(ctx):
            out = ctx.actions.declare_file("o")
            ctx.actions.symlink(output = out, target_file = ctx.file._tool)
            return [DefaultInfo(files = depset([out]))]
        r = rule(implementation = _impl, attrs = {"_tool": attr.label(default = ":src.txt", allow_single_file = True)})
        """;

    ConfiguredTarget target = analyze(bzl, "load(':r.bzl', 'r')\nr(name = 'x')");

    assertThat(target.actions().getFirst().inputs().toString()).contains("src.txt");
    assertThat(error(bzl, "load(':r.bzl', 'r')\nr(name = 'x', _tool = ':BUILD')"))
        .contains("'_tool' is private");
  }

  @Test
  void errors_nameTargetAndPlace() {
    String head = "def _impl(ctx):\n  ";
    String tail = "\nr = rule(implementation = _impl, attrs = {'n': attr.int()})\n";
    String build = "load(':r.bzl', 'r')\nr(name = 'x')";

    assertThat(error(head + "fail('no')" + tail, build)).containsMatch("(?s)in //:x.*r.bzl:2.*no");
    assertThat(error(head + "ctx.attr.m" + tail, build)).contains("m");
    assertThat(error(head + "return 1" + tail, build)).contains("must return a list of providers");
    assertThat(error(head + "return [DefaultInfo(file = 1)]" + tail, build))
        .contains("did you mean 'files'");
    assertThat(error("r = rule(implementation = 1)", build)).contains("implementation");
    assertThat(error("def f(): pass\nr = rule(implementation = f, attrs = {'a': 1})", build))
        .contains("attrs");
  }

  @Test
  void rule_calledWhereNothingCanBeDeclared_isAnError() {
    assertThat(
            error(
                "def _i(ctx): pass\nr = rule(implementation = _i)\nr(name = 'early')",
                "load(':r.bzl', 'r')\nr(name = 'x')"))
        .contains("from a BUILD file");
  }

  @Test
  void missingProvider_isAnError() {
    assertThat(
            error(
                """
                Info = provider()
                def _i(ctx): return []
                r = rule(implementation = _i, attrs = {"deps": attr.label_list(providers = [Info])})
                """,
                "load(':r.bzl', 'r')\nr(name = 'x', deps = [':t'])\ntext(name = 't')"))
        .contains("//:t (text) does not provide");
  }
}
