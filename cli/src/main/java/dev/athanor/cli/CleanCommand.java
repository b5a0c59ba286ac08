package dev.athanor.cli;

import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.loading.Workspace;
import dev.athanor.engine.session.OutputFolder;
import dev.athanor.oci.rootfs.DeleteTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
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
      CacheFolder cache = new CacheFolder(opened.flags().cacheDir());
      Path trash = new CacheLayout(cache.root()).trash();
      for (Path part : cache.parts()) {
        if (Files.exists(part) && !part.equals(trash)) {
          // Its name goes first: should this be interrupted, nobody finds half of a directory.
          Files.createDirectories(trash);
          Files.move(part, trash.resolve(UUID.randomUUID().toString()));
        }
      }
      DeleteTree.delete(trash);
    }
    return ExitCode.SUCCESS;
  }
}
