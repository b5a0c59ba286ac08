package dev.athanor.engine.testing;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.label.Label;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A built-in that writes its inputs one after the other, behind its parameter `prefix`. Notes each
/// run. An input that holds `FAIL` makes it fail.
public final class ConcatType implements ActionType {
  public static final int MAX_LENGTH = 48;

  private final List<String> runs = Collections.synchronizedList(new ArrayList<>());

  @Override
  public String id() {
    return "test.concat";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Resource resource() {
    return Resource.CPU;
  }

  @Override
  public void run(ActionContext context) throws IOException {
    runs.add(context.action().owner().name());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(context.param("prefix").getBytes(StandardCharsets.UTF_8));
    for (Artifact input : context.action().inputs()) {
      out.writeBytes(context.read(input));
    }
    if (out.toString(StandardCharsets.UTF_8).contains("FAIL")) {
      throw new ActionException("an input says FAIL", "");
    }
    byte[] kept = Arrays.copyOf(out.toByteArray(), Math.min(out.size(), MAX_LENGTH));
    context.write(context.action().outputs().getFirst(), kept);
  }

  /// An action of this type; its output has the action's name.
  public Action.Builtin action(String name, String prefix, Artifact... inputs) {
    return new Action.Builtin(
        Label.parseAbsolute("//:" + name),
        this,
        new TreeMap<>(Map.of("prefix", prefix)),
        List.of(inputs),
        List.of(output(name)));
  }

  public static Artifact.Derived output(String name) {
    return Artifact.Derived.file(Label.parseAbsolute("//:" + name), name);
  }

  /// The names of the actions that ran since the last call, sorted.
  public List<String> takeRuns() {
    synchronized (runs) {
      List<String> taken = runs.stream().sorted().toList();
      runs.clear();
      return taken;
    }
  }
}
