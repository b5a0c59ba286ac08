package dev.athanor.engine.plan;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.journal.RecordWriter;
import dev.athanor.engine.tree.RelativePath;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// Writes down a plan, see [Plan] for the layout.
final class PlanWriter {
  private final StringPool strings = new StringPool();
  private final Map<Artifact, Integer> references = new HashMap<>();
  private final IntList watchPaths = new IntList();
  private final RecordWriter watches = new RecordWriter();
  private final IntList outputPaths = new IntList();
  private final IntList outputOwners = new IntList();
  private final RecordWriter outputKinds = new RecordWriter();
  private final IntList firstOutputs = new IntList();
  private final IntList actionPlaces = new IntList();
  private final RecordWriter actions = new RecordWriter();
  private final SharedParts shared = new SharedParts();
  private final RecordWriter targets = new RecordWriter();
  private int sources;
  private int targetCount;

  /// Sources come before all other watches.
  void watch(Watch watch) {
    if (watch.source()) {
      references.put(source(watch), Plan.sourceReference(sources++));
    }
    watchPaths.add(strings.number(watch.path()));
    watches.putInt(watch.said().size());
    for (Watch.Said said : watch.said()) {
      watches.putByte(Codes.of(said.aspect())).putLong(said.fingerprint());
    }
  }

  private static Artifact.Source source(Watch watch) {
    return new Artifact.Source(RelativePath.of(watch.path()));
  }

  /// All that its inputs are made by comes before an action.
  void action(Action action) {
    firstOutputs.add(outputPaths.size());
    for (Artifact.Derived output : action.outputs()) {
      references.put(output, Plan.outputReference(outputPaths.size()));
      outputPaths.add(strings.number(output.uniquePath()));
      outputOwners.add(strings.number(output.owner().toString()));
      outputKinds.putByte(Codes.of(output.kind()));
    }
    actionPlaces.add(actions.size());
    switch (action) {
      case Action.Command command -> command(command);
      case Action.Builtin builtin -> {
        actions.putByte(builtin.cacheable() ? Codes.BUILTIN : Codes.UNCACHEABLE_BUILTIN);
        actions.putInt(strings.number(builtin.owner().toString()));
        actions.putInt(strings.number(builtin.type().id()));
        pairs(builtin.params(), actions);
        references(builtin.inputs(), actions);
      }
    }
  }

  private void command(Action.Command command) {
    actions.putByte(Codes.COMMAND);
    actions.putInt(strings.number(command.owner().toString()));
    actions.putInt(strings.number(command.mnemonic()));
    strings(command.argv(), actions);
    RecordWriter env = new RecordWriter();
    pairs(command.env(), env);
    actions.putInt(shared.number(env));
    references(command.inputs(), actions);
    RecordWriter root = new RecordWriter();
    switch (command.root()) {
      case ExecutionRoot.Host(var visible, var fingerprint) -> {
        root.putByte(Codes.HOST).putInt(strings.number(fingerprint));
        strings(visible, root);
      }
      case ExecutionRoot.Image(var rootfs, var name) -> {
        root.putByte(Codes.IMAGE).putInt(reference(rootfs));
        strings(name.stream().toList(), root);
      }
    }
    actions.putInt(shared.number(root));
    actions.putByte(command.network() ? 1 : 0);
    actions.putInt(command.timeout().map(t -> Math.toIntExact(t.toMillis()) + 1).orElse(0));
    actions.putInt(command.needs().cpus());
    actions.putInt(Math.toIntExact(command.needs().memoryBytes() / Action.Needs.MEBIBYTE));
    actions.putInt(command.needs().attempts());
    actions.putInt(command.log().map(log -> command.outputs().indexOf(log) + 1).orElse(0));
  }

  void target(WantedTarget target) {
    targetCount++;
    targets.putInt(strings.number(target.label().toString()));
    targets.putInt(strings.number(target.rule()));
    targets.putInt(target.artifacts().size());
    target
        .artifacts()
        .forEach((part, artifacts) -> {
          targets.putInt(strings.number(part));
          references(artifacts, targets);
        });
    pairs(target.facts(), targets);
  }

  byte[] finish() {
    firstOutputs.add(outputPaths.size());
    RecordWriter out = new RecordWriter();
    strings.writeTo(out);
    out.putInt(sources).putInt(watchPaths.size());
    watchPaths.writeTo(out);
    out.putBytes(watches.toBytes());
    out.putInt(outputPaths.size());
    outputPaths.writeTo(out);
    outputOwners.writeTo(out);
    out.putRaw(outputKinds.toBytes(), outputKinds.size());
    out.putInt(actionPlaces.size());
    firstOutputs.writeTo(out);
    actionPlaces.writeTo(out);
    shared.writeTo(out);
    out.putBytes(actions.toBytes());
    out.putInt(targetCount);
    out.putBytes(targets.toBytes());
    return out.toBytes();
  }

  private void strings(List<String> list, RecordWriter out) {
    out.putInt(list.size());
    list.forEach(string -> out.putInt(strings.number(string)));
  }

  private void pairs(SortedMap<String, String> map, RecordWriter out) {
    out.putInt(map.size());
    map.forEach((name, value) -> out.putInt(strings.number(name)).putInt(strings.number(value)));
  }

  private void references(Collection<? extends Artifact> artifacts, RecordWriter out) {
    out.putInt(artifacts.size());
    artifacts.forEach(artifact -> out.putInt(reference(artifact)));
  }

  private int reference(Artifact artifact) {
    Integer reference = references.get(artifact);
    if (reference == null) {
      throw new IllegalStateException("neither watched nor made: " + artifact);
    }
    return reference;
  }
}
