package dev.athanor.sandbox;

import dev.athanor.engine.exec.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A sandbox made by util-linux: `unshare`, `mount`, `setpriv`. The slowest, and without a filter
/// for system calls, but every distribution has it.
final class UnshareSandbox extends Wrapped {
  private final Host host;

  UnshareSandbox(Host host, Sandbox outside, Path state) {
    super(outside, state);
    this.host = host;
  }

  @Override
  public String name() {
    return "unshare";
  }

  @Override
  List<String> argv(SandboxSpec spec, Path dir) throws IOException {
    String complete = dir.resolve("complete").toString();
    String script = UnshareScript.of(spec, host.stage().toString(), complete);
    Files.writeString(dir.resolve("script"), script);
    List<String> argv = new ArrayList<>();
    argv.addAll(List.of("unshare", "--user", "--map-root-user", "--mount", "--uts", "--ipc"));
    argv.addAll(List.of("--pid", "--fork", "--kill-child", "--cgroup"));
    if (!spec.spawn().network()) {
      argv.add("--net");
    }
    argv.addAll(List.of("--", "/bin/sh", dir.resolve("script").toString()));
    argv.addAll(spec.spawn().argv());
    return argv;
  }

  @Override
  boolean isComplete(Path dir) {
    return Files.exists(dir.resolve("complete"));
  }
}
