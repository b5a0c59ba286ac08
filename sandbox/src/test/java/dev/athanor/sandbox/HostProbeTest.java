package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.exec.Sandbox;
import dev.athanor.sandbox.HostProbe.Finding;
import dev.athanor.sandbox.HostProbe.State;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The leaks of each sandbox on the host of these tests.
final class HostProbeTest {
  @TempDir Path dir;

  @Test
  void probe_namespaces_areTight() throws Exception {
    assertThat(open("namespaces")).isEmpty();
  }

  @Test
  void probe_bwrap_isTight() throws Exception {
    assertThat(open("bwrap")).isEmpty();
  }

  @Test
  void probe_unshare_lacksTheFilter() throws Exception {
    assertThat(open("unshare")).containsExactly("dangerous system calls");
  }

  @Test
  void probe_plain_seesThemAll() throws Exception {
    assertThat(open("plain"))
        .containsAtLeast(
            "undeclared files, by relative paths",
            "undeclared files, by resolving symlinks",
            "the host's files, by absolute paths",
            "writes outside the outputs",
            "inputs that can be changed",
            "the network",
            "the loopback network",
            "the host's processes",
            "the host's name",
            "the path of the scratch folder",
            "devices",
            "/sys",
            "privileges",
            "dangerous system calls");
  }

  private List<String> open(String name) throws Exception {
    Sandbox sandbox = HermeticSandboxTest.sandbox(name, dir.resolve("state"));
    List<Finding> findings = HostProbe.probe(sandbox, dir.resolve("probe"));
    findings.stream()
        .filter(finding -> finding.state() == State.OPEN)
        .forEach(finding -> System.out.println(name + ": " + finding));
    return findings.stream()
        .filter(finding -> finding.state() == State.OPEN)
        .map(Finding::leak)
        .toList();
  }
}
