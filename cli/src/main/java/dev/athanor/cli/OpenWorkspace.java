package dev.athanor.cli;

import dev.athanor.engine.loading.UserSettings;
import dev.athanor.engine.loading.Workspace;
import dev.athanor.engine.loading.WorkspaceSettings;
import java.nio.file.Path;
import java.util.Optional;

/// The workspace that a command works in, and what its file, the user's and the flags say together.
///
/// @param userFile the user's own file of settings, if there is one
record OpenWorkspace(
    Workspace workspace, WorkspaceSettings settings, GlobalFlags flags, Optional<Path> userFile) {
  /// @throws dev.athanor.engine.UserException when there is no workspace, or its file or a flag is
  ///   wrong
  static OpenWorkspace of(Invocation invocation) throws InterruptedException {
    Terminal terminal = invocation.terminal();
    Workspace workspace = Workspace.find(GlobalFlags.directory(invocation.options(), terminal));
    UserSettings user = UserSettings.read(terminal.env(), terminal.directory());
    WorkspaceSettings settings = WorkspaceSettings.read(workspace).with(user);
    return new OpenWorkspace(
        workspace,
        settings,
        GlobalFlags.of(invocation.options(), terminal, workspace, settings),
        user.file());
  }
}
