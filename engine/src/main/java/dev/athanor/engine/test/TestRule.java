package dev.athanor.engine.test;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.ExecutionRootInfo;
import dev.athanor.engine.rule.Resources;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.engine.rule.TestSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What all rules for tests have in common: attributes, and the actions that run the test.
///
/// A test is a command that makes a log and a tree, once for each shard and run. So its result is
/// cached, shared and explained like any other, and fails like any other.
public final class TestRule {
  /// How often a test is tried that is known to fail now and then.
  private static final int FLAKY_ATTEMPTS = 3;

  private static final int MAX_SHARDS = 50;

  /// Where every test in a sandbox finds a folder of its own.
  private static final String TEMPORARY = "/tmp";

  /// The attributes of every such rule.
  public static final List<Attribute> ATTRIBUTES =
      Stream.concat(
              Stream.of(
                  Attribute.strings("args", "Arguments of the program."),
                  Attribute.stringMap("env", "Environment variables for the test."),
                  Attribute.label(
                      "image",
                      "An image whose root filesystem is all that the test sees, in place of the host's"
                          + " programs."),
                  Attribute.string(
                          "size",
                          "How much it takes, which bounds its time: `small` one minute, `medium` five,"
                              + " `large` fifteen, `enormous` sixty.")
                      .oneOf("small", "medium", "large", "enormous")
                      .orElse("medium"),
                  Attribute.integer(
                      "timeout", "Seconds after which it has failed; without it, by `size`."),
                  Attribute.integer("shard_count", "Into how many parts it splits itself.")
                      .orElse(1L),
                  Attribute.bool(
                      "flaky",
                      "Whether it fails now and then for no reason; it is then tried three times."),
                  Attribute.bool("network", "Whether it may reach the network.")),
              Resources.ATTRIBUTES.stream())
          .toList();

  private final RuleContext context;
  private final TestSettings settings;
  private final int shards;

  private TestRule(RuleContext context) {
    this.context = context;
    this.settings = context.configuration().tests();
    this.shards = context.integer("shard_count", 1, MAX_SHARDS);
  }

  /// Declares what runs the test of a target that has [#ATTRIBUTES].
  ///
  /// @param program what is run
  /// @param arguments of it, before those that the command line adds
  /// @param files that it reads
  /// @param host the tools that it sees when it has no image
  /// @param env the environment that commands start with
  public static TestInfo declare(
      RuleContext context,
      Artifact program,
      List<String> arguments,
      Collection<Artifact> files,
      Supplier<ExecutionRoot.Host> host,
      SortedMap<String, String> env) {
    List<String> argv = new ArrayList<>();
    argv.add(program.asProgram());
    argv.addAll(arguments);
    Set<Artifact> inputs = new LinkedHashSet<>();
    inputs.add(program);
    inputs.addAll(files);
    return declare(context, argv, inputs, host, env);
  }

  /// The same for a test that is a command.
  public static TestInfo declare(
      RuleContext context,
      List<String> argv,
      Collection<Artifact> inputs,
      Supplier<ExecutionRoot.Host> host,
      SortedMap<String, String> env) {
    return new TestRule(context).declare(argv, inputs, host, env);
  }

  private TestInfo declare(
      List<String> argv,
      Collection<Artifact> files,
      Supplier<ExecutionRoot.Host> host,
      SortedMap<String, String> env) {
    List<String> words = new ArrayList<>(argv);
    words.addAll(settings.arguments());
    Set<Artifact> inputs = new LinkedHashSet<>(files);
    ExecutionRootInfo root = ExecutionRootInfo.of(context, host);
    inputs.addAll(root.inputs());
    List<TestInfo.Run> runs = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      for (int number = 1; number <= settings.runs(); number++) {
        TestInfo.Run run = run(shard, number);
        runs.add(run);
        context.register(
            new Action.Command(
                context.label(),
                "test",
                words,
                environment(env, words.getFirst(), run, shard, number),
                List.copyOf(inputs),
                List.of(run.log(), run.outputs()),
                root.root(),
                context.attributes().bool("network"),
                Optional.of(timeout()),
                needs(),
                Optional.of(run.log())));
      }
    }
    List<String> tags = new ArrayList<>(context.attributes().strings("tags"));
    tags.add(size().word());
    return new TestInfo(runs, shards, tags);
  }

  private TestInfo.Run run(int shard, int number) {
    Label label = context.label();
    String folder = label.name() + ".test/";
    if (shards > 1) {
      folder += "shard_" + (shard + 1) + "_of_" + shards + "/";
    }
    if (settings.runs() > 1) {
      folder += "run_" + number + "_of_" + settings.runs() + "/";
    }
    return new TestInfo.Run(context.file(folder + "test.log"), context.tree(folder + "outputs"));
  }

  /// The variables that test runners look for, by the names that Bazel gave them.
  private SortedMap<String, String> environment(
      SortedMap<String, String> clean, String program, TestInfo.Run run, int shard, int number) {
    String here = Action.Command.DIRECTORY;
    String outputs = here + "/" + run.outputs().path();
    SortedMap<String, String> env = new TreeMap<>(clean);
    env.put("TEST_TARGET", context.label().toString());
    env.put("TEST_BINARY", program);
    env.put("TEST_SIZE", size().word());
    env.put("TEST_TIMEOUT", String.valueOf(timeout().toSeconds()));
    env.put("TEST_TMPDIR", TEMPORARY);
    env.put("TEST_SRCDIR", here);
    env.put("RUNFILES_DIR", here);
    // `$TEST_SRCDIR/$TEST_WORKSPACE` is where the sources are.
    env.put("TEST_WORKSPACE", ".");
    env.put("TEST_UNDECLARED_OUTPUTS_DIR", outputs);
    env.put("XML_OUTPUT_FILE", outputs + "/" + TestInfo.RESULTS);
    if (shards > 1) {
      env.put("TEST_TOTAL_SHARDS", String.valueOf(shards));
      env.put("TEST_SHARD_INDEX", String.valueOf(shard));
      env.put("TEST_SHARD_STATUS_FILE", outputs + "/" + TestInfo.SHARDING);
    }
    if (settings.runs() > 1) {
      env.put("TEST_RUN_NUMBER", String.valueOf(number));
    }
    settings.filter().ifPresent(filter -> env.put("TESTBRIDGE_TEST_ONLY", filter));
    env.putAll(context.attributes().stringMap("env"));
    env.putAll(settings.env());
    return env;
  }

  private TestSize size() {
    return TestSize.of(context.attributes().string("size"));
  }

  private Duration timeout() {
    int seconds = context.integer("timeout", 0, Integer.MAX_VALUE / 1000);
    return settings.timeout().orElse(seconds == 0 ? size().timeout() : Duration.ofSeconds(seconds));
  }

  private Action.Needs needs() {
    int attempts = context.attributes().bool("flaky") ? FLAKY_ATTEMPTS : 1;
    return Resources.of(context, settings.attempts().orElse(attempts));
  }
}
