package dev.athanor.cli;

import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.digest.ShortHash;
import dev.athanor.engine.gc.Folder;
import dev.athanor.engine.gc.Kind;
import dev.athanor.engine.loading.Workspace;
import dev.athanor.engine.session.Session;
import dev.athanor.sandbox.SandboxedSpawnRunner;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The cache directory, and what lies where in it. The stores' own folders are the stores'
/// business; all others are named here.
record CacheFolder(Path root) {
  /// Root filesystems as directories.
  Path roots() {
    return root.resolve("roots");
  }

  /// Where pieces of earlier layers are.
  Path pieces() {
    return root.resolve("pieces");
  }

  /// What running actions need.
  Path actions() {
    return scratch("actions");
  }

  /// A folder for what only lives as long as something runs.
  Path scratch(String of) {
    return sandbox().resolve(of);
  }

  /// What built-in actions remember while they are verified, in a folder for each process.
  Path verifying() {
    return scratch("verify");
  }

  /// What a sandbox keeps for its own use.
  Path sandboxState() {
    return scratch("state");
  }

  /// What is remembered of a workspace between builds.
  Path state(Workspace workspace) {
    return workspaces().resolve(ShortHash.hex(workspace.root().toString()));
  }

  /// Everything that is made here; other files are not ours.
  List<Path> parts() {
    CacheLayout stores = new CacheLayout(root);
    return List.of(
        stores.blobs(),
        stores.executables(),
        stores.results(),
        stores.verifications(),
        stores.tmp(),
        stores.leases(),
        stores.trash(),
        stores.quarantine(),
        roots(),
        pieces(),
        sandbox(),
        workspaces());
  }

  /// What is let go when it was not used for long, besides what is in the stores.
  List<Folder> collected() throws IOException {
    List<Folder> folders = new ArrayList<>();
    folders.add(new Folder(Kind.ROOT, roots()));
    folders.add(new Folder(Kind.VERIFICATION, new CacheLayout(root).verifications()));
    folders.add(new Folder(Kind.PIECES, pieces()));
    folders.add(new Folder(Kind.TREE, SandboxedSpawnRunner.trees(actions())));
    folders.add(new Folder(Kind.SANDBOX, SandboxedSpawnRunner.kept(actions())));
    folders.add(new Folder(Kind.LEFTOVER, verifying()));
    if (Files.isDirectory(workspaces())) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(workspaces())) {
        all.forEach(state -> folders.add(new Folder(Kind.BUILDS, Session.builds(state))));
      }
    }
    return folders;
  }

  private Path sandbox() {
    return root.resolve("sandbox");
  }

  private Path workspaces() {
    return root.resolve("workspaces");
  }
}
