package dev.athanor.sandbox;

import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A sandbox made by util-linux: `unshare`, `mount`, `setpriv`. The slowest, and without a filter
/// for system calls, but every distribution has it.
final class UnshareSandbox implements Sandbox {
  private final Host host;
  private final HostBase.Cache bases = new HostBase.Cache();
  private final Wrapped wrapped;

  UnshareSandbox(Host host, Wrapped wrapped) {
    this.host = host;
    this.wrapped = wrapped;
  }

  @Override
  public String name() {
    return "unshare";
  }

  @Override
  public boolean hermetic() {
    return true;
  }

  @Override
  public Set<Factor> varies() {
    return wrapped.varies();
  }

  @Override
  public void close() {
    wrapped.outside().close();
  }

  @Override
  public Exit run(Spawn asked) throws IOException, InterruptedException {
    SandboxSpec spec = Planner.plan(asked.varyingAtMost(varies()), bases);
    Spawn spawn = spec.spawn();
    return wrapped.run(
        spawn,
        dir -> {
          String complete = dir.resolve("complete").toString();
          String script = UnshareScript.of(spec, host.stage().toString(), complete);
          Files.writeString(dir.resolve("script"), script);
          List<String> argv = new ArrayList<>();
          argv.addAll(List.of("unshare", "--user", "--map-root-user", "--mount", "--uts", "--ipc"));
          argv.addAll(List.of("--pid", "--fork", "--kill-child", "--cgroup"));
          if (!spawn.network()) {
            argv.add("--net");
          }
          argv.addAll(List.of("--", "/bin/sh", dir.resolve("script").toString()));
          argv.addAll(spawn.argv());
          return argv;
        },
        dir -> Files.exists(dir.resolve("complete")));
  }
}
