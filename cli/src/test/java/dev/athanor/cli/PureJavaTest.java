package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.oci.registry.FakeRegistry;
import dev.athanor.oci.registry.SampleImage;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pulling, building and pushing need nothing that only Linux has: they do the same in a JVM that
/// lets nobody call the system, where a sandbox, had they asked for one, could not start. The
/// compressors are libraries with builds for some systems, so this goes without.
final class PureJavaTest {
  @TempDir Path temp;
  private TestWorkspace workspace;
  private FakeRegistry registry;

  @BeforeEach
  void start() throws IOException {
    workspace = TestWorkspace.in(temp);
    registry = FakeRegistry.start();
    SampleImage base = SampleImage.of(1, 300, 400);
    base.into(registry, "base", "1");
    workspace.write("app/server.py", "print(1)");
    workspace.program("app/run.sh", "#!/bin/sh");
    workspace.write(
        "BUILD",
        """
        oci_pull_image(name = "base", repository = "REGISTRY/base", tag = "1")
        oci_build_image(
            name = "image",
            base = ":base",
            packages = ["//app:server.py", "//app:run.sh"],
            compression = "none",
            symlinks = {"/bin/app": "/app/run.sh"},
            platforms = ["linux/amd64"],
            repository = "REGISTRY/image",
        )
        """
            .replace("REGISTRY", registry.host()));
    workspace.write("app/BUILD", "exports_files(['server.py', 'run.sh'])");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void lockFetchBuildPublish_withoutNativeCode() {
    pure("lock").succeeds();
    pure("fetch").succeeds();
    pure("build", "//:image").succeeds();
    CliResult published = pure("publish", "--json", "//:image").succeeds();

    String digest = published.digest("//:image");
    assertThat(registry.content().documentNames()).contains("image:" + digest);
    workspace.athanor("clean", "--cache").succeeds();
    assertThat(workspace.athanor("build", "--json", "//:image").succeeds().digest("//:image"))
        .isEqualTo(digest);
  }

  /// Other bytes than elsewhere would be worse than none.
  @Test
  void gzip_whereItHasNoBuild_saysWhatToDo() {
    workspace.edit("BUILD", "compression = \"none\"", "compression = \"gzip\"");
    pure("lock").succeeds();

    pure("build", "//:image")
        .fails(ExitCode.BUILD_FAILED)
        .says("gzip layers cannot be written here", "hint: write compression = \"zstd\"");
  }

  private CliResult pure(String... words) {
    return workspace.withoutNativeAccess(words);
  }
}
