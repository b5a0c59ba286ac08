package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.ConfiguredTarget;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// By which name other machines pull the image that a command runs in.
final class RemoteImageNameTest {
  private static final String SHA = "0123456789abcdef".repeat(4);

  @TempDir Path temp;

  private Optional<String> name(String image, String... flags) throws Exception {
    TestWorkspace workspace =
        TestWorkspace.in(temp)
            .write(
                "BUILD",
                image + "\ngenrule(name = 'g', outs = ['o'], image = ':tools', cmd = ': > $@')\n");
    List<String> words = new ArrayList<>(List.of("build", "--cache-dir=" + workspace.cache));
    words.addAll(List.of(flags));
    words.add("//:g");
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(nowhere, nowhere, false, 80, Map.of(), workspace.root);
    Invocation invocation = new CommandLineParser(Commands.all()).parse(words, terminal);
    try (Workbench bench = new Workbench(invocation)) {
      ConfiguredTarget target =
          bench.session.analyze(List.of(Label.parseAbsolute("//:g"))).getFirst();
      Action action = target.actions().iterator().next();
      return action instanceof Action.Command(_, _, _, _, _, _, var root, _, _, _, _)
              && root instanceof ExecutionRoot.Image(_, var name)
          ? name
          : Optional.of("no image");
    }
  }

  @Test
  void pulledImage_isNamedByItsDigest() throws Exception {
    assertThat(
            name(
                "oci_pull_image(name = 'tools', repository = 'r.example/a/b', sha = '"
                    + SHA
                    + "')"))
        .hasValue("r.example/a/b@sha256:" + SHA);
    assertThat(name("oci_pull_image(name = 'tools', repository = 'debian', sha = '" + SHA + "')"))
        .hasValue("docker.io/library/debian@sha256:" + SHA);
  }

  /// The digest may be that of an index, of which a worker would take the image for itself.
  @Test
  void imageThatIsChosenByPlatform_hasNoName() throws Exception {
    assertThat(
            name(
                "oci_pull_image(name = 'tools', repository = 'r.example/a', sha = '"
                    + SHA
                    + "', architecture = 'arm64')"))
        .isEmpty();
    assertThat(
            name(
                "oci_pull_image(name = 'tools', repository = 'r.example/a', sha = '" + SHA + "')",
                "--platform=linux/arm64"))
        .isEmpty();
  }

  @Test
  void imageThatIsBuilt_hasNoName() throws Exception {
    assertThat(name("oci_build_image(name = 'tools', base = 'scratch')")).isEmpty();
  }
}
