package dev.athanor.sandbox;

import dev.athanor.engine.exec.Sandbox;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// A sandbox made by bubblewrap, for hosts that let it do what they do not let everybody do.
final class BwrapSandbox extends Wrapped {
  /// Descriptors are passed as redirections, since a spawn has only three.
  private static final String SCRIPT =
      "exec bwrap --args 3 --seccomp 4 --json-status-fd 5 -- \"$@\" 3<\"$0/args\" 4<\"$0/filter\" 5>\"$0/status\"";

  private final Host host;
  private final ByteBuffer filterProgram;

  BwrapSandbox(Host host, Sandbox outside, Path state) {
    super(outside, state);
    this.host = host;
    this.filterProgram = Seccomp.filter(host.arch());
  }

  @Override
  public String name() {
    return "bwrap";
  }

  @Override
  List<String> argv(SandboxSpec spec, Path dir) throws IOException {
    List<String> arguments = BwrapArguments.of(spec, host, dir);
    Files.writeString(dir.resolve("args"), String.join("\0", arguments) + "\0");
    try (FileChannel filter =
        FileChannel.open(
            dir.resolve("filter"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      filter.write(filterProgram.duplicate().clear());
    }
    List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, dir.toString()));
    argv.addAll(spec.spawn().argv());
    return argv;
  }

  @Override
  boolean isComplete(Path dir) throws IOException {
    return Files.readString(dir.resolve("status")).contains("\"exit-code\"");
  }
}
