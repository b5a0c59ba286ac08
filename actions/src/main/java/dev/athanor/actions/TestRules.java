package dev.athanor.actions;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.DefaultInfo;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.engine.test.TestInfo;
import dev.athanor.engine.test.TestRule;
import dev.athanor.engine.test.TestSuiteInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// `test`, a program or command that says by its exit code whether all is well, and `test_suite`.
final class TestRules {
  private TestRules() {}

  static Rule test(Supplier<ExecutionRoot.Host> host) {
    List<Attribute> attributes =
        new ArrayList<>(
            List.of(
                Attribute.label(
                        "program",
                        "What is run: an executable target, or a script with a `#!` line.")
                    .alias("srcs", "src")
                    .scalarOrList(),
                Attribute.string(
                    "cmd",
                    "A command for `/bin/sh -e` to run in place of a program; variables as in"
                        + " `genrule`, as far as there are no outputs."),
                Attribute.labels("data", "Files that the test reads.")));
    attributes.addAll(TestRule.ATTRIBUTES);
    return Rule.of(
            "test",
            """
            Runs a program in a sandbox to see whether it succeeds. It starts where the workspace's files are, and \
            sees its data at their places and what is built of it below `out`.\
            """,
            attributes,
            context -> analyzeTest(context, host))
        .alias("sh_test");
  }

  static Rule suite() {
    return Rule.of(
        "test_suite",
        "Gives several tests one name.",
        List.of(Attribute.labels("tests", "Tests, and suites of them.").required()),
        TestRules::analyzeSuite);
  }

  private static Providers analyzeTest(RuleContext context, Supplier<ExecutionRoot.Host> host) {
    Optional<ConfiguredTarget> program = context.dependency("program");
    Optional<String> command = context.attributes().optionalString("cmd");
    if (program.isPresent() == command.isPresent()) {
      throw context.error("program", "a test has either a program or a cmd", "");
    }
    List<Artifact> data = withRunfiles(context.dependencies("data"));
    List<String> arguments =
        context.attributes().strings("args").stream()
            .map(template(context, data, program, "args")::expand)
            .toList();
    if (command.isPresent()) {
      List<String> argv = new ArrayList<>();
      String script = template(context, data, program, "cmd").expand(command.get());
      // The empty word is `$0`, so that the arguments start at `$1`.
      argv.addAll(List.of("/bin/sh", "-ec", script, ""));
      argv.addAll(arguments);
      return Providers.of(
          DefaultInfo.NONE, TestRule.declare(context, argv, data, host, Environment.CLEAN));
    }
    Artifact file = program(context, program.orElseThrow());
    Set<Artifact> files = new LinkedHashSet<>(data);
    files.addAll(withRunfiles(List.of(program.orElseThrow())));
    TestInfo test = TestRule.declare(context, file, arguments, files, host, Environment.CLEAN);
    return Providers.of(DefaultInfo.of(List.of(file)).withExecutable(file), test);
  }

  private static Artifact program(RuleContext context, ConfiguredTarget target) {
    DefaultInfo info = target.providers().defaultInfo();
    if (info.executable().isPresent()) {
      return info.executable().get();
    }
    if (info.files().size() != 1) {
      throw context.error(
          "program",
          target.label() + " is " + info.files().size() + " files, none of them a program",
          "name one script, or a target that makes an executable");
    }
    return info.files().getFirst();
  }

  private static List<Artifact> withRunfiles(List<ConfiguredTarget> targets) {
    Set<Artifact> files = new LinkedHashSet<>();
    for (ConfiguredTarget target : targets) {
      files.addAll(target.providers().defaultInfo().files());
      files.addAll(target.providers().defaultInfo().runfiles());
    }
    return List.copyOf(files);
  }

  private static CommandTemplate template(
      RuleContext context, List<Artifact> data, Optional<ConfiguredTarget> program, String name) {
    Map<Label, List<Artifact>> locations = new LinkedHashMap<>();
    for (ConfiguredTarget target : context.dependencies("data")) {
      locations.put(target.label(), target.providers().defaultInfo().files());
    }
    program.ifPresent(
        target -> locations.put(target.label(), target.providers().defaultInfo().files()));
    return new CommandTemplate(context, name, data, List.of(), locations);
  }

  private static Providers analyzeSuite(RuleContext context) {
    List<ConfiguredTarget> tests = context.dependencies("tests");
    for (ConfiguredTarget test : tests) {
      if (test.providers().get(TestInfo.class).isEmpty()
          && test.providers().get(TestSuiteInfo.class).isEmpty()) {
        throw context.error("tests", test.label() + " (" + test.rule() + ") is not a test", "");
      }
    }
    return Providers.of(new TestSuiteInfo(tests));
  }
}
