package dev.athanor.cli;

import dev.athanor.engine.loading.Workspace;
import dev.athanor.engine.loading.WorkspaceSettings;

/// The workspace that a command works in, and what its file and the flags say together.
record OpenWorkspace(Workspace workspace, WorkspaceSettings settings, GlobalFlags flags) {
  /// @throws dev.athanor.engine.UserException when there is no workspace, or its file or a flag is
  ///   wrong
  static OpenWorkspace of(Invocation invocation) throws InterruptedException {
    Terminal terminal = invocation.terminal();
    Workspace workspace = Workspace.find(GlobalFlags.directory(invocation.options(), terminal));
    WorkspaceSettings settings = WorkspaceSettings.read(workspace);
    return new OpenWorkspace(
        workspace, settings, GlobalFlags.of(invocation.options(), terminal, workspace, settings));
  }
}
