package dev.athanor.cli;

import dev.athanor.engine.loading.Workspace;
import dev.athanor.engine.session.OutputFolder;
import dev.athanor.oci.rootfs.DeleteTree;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// `athanor clean`: removes what builds left behind.
final class CleanCommand implements Command {
  @Override
  public String name() {
    return "clean";
  }

  @Override
  public String usage() {
    return "";
  }

  @Override
  public String summary() {
    return "Removes athanor-out, and with --cache the caches too.";
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(
            Option.builder()
                .longOpt("cache")
                .desc("remove the caches as well, which all workspaces share")
                .get());
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    OpenWorkspace opened = OpenWorkspace.of(invocation);
    OutputFolder.delete(opened.workspace().root().resolve(Workspace.OUTPUT_FOLDER));
    if (invocation.options().hasOption("cache")) {
      for (Path part : new CacheFolder(opened.flags().cacheDir()).parts()) {
        DeleteTree.delete(part);
      }
    }
    return ExitCode.SUCCESS;
  }
}
