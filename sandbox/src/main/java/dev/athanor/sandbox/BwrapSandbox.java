package dev.athanor.sandbox;

import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A sandbox made by bubblewrap, for hosts that let it do what they do not let everybody do.
final class BwrapSandbox implements Sandbox {
  /// Descriptors are passed as redirections, since a spawn has only three.
  private static final String SCRIPT =
      "exec bwrap --args 3 --seccomp 4 --json-status-fd 5 -- \"$@\" 3<\"$0/args\" 4<\"$0/filter\" 5>\"$0/status\"";

  private final Host host;
  private final HostBase.Cache bases = new HostBase.Cache();
  private final Wrapped wrapped;
  private final ByteBuffer filterProgram;

  BwrapSandbox(Host host, Wrapped wrapped) {
    this.host = host;
    this.wrapped = wrapped;
    this.filterProgram = Seccomp.filter(host.arch());
  }

  @Override
  public String name() {
    return "bwrap";
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
          List<String> arguments = BwrapArguments.of(spec, host, dir);
          Files.writeString(dir.resolve("args"), String.join("\0", arguments) + "\0");
          try (FileChannel filter =
              FileChannel.open(
                  dir.resolve("filter"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            filter.write(filterProgram.duplicate().clear());
          }
          List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, dir.toString()));
          argv.addAll(spawn.argv());
          return argv;
        },
        dir -> Files.readString(dir.resolve("status")).contains("\"exit-code\""));
  }
}
