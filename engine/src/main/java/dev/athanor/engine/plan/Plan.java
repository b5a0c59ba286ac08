package dev.athanor.engine.plan;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionGraph;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.journal.RecordReader;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.tree.RelativePath;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/// What a command is going to make, and all the actions that this takes: the outcome of loading and
/// analysis.
///
/// A plan is bytes with a few tables over them, and an [Action] exists only while somebody looks at
/// it: a hundred thousand actions take about ten megabytes, and a process that finds nothing to do
/// never decodes one. Actions, sources and outputs are known by number. Actions stand in an order
/// in which whatever makes an input comes first.
///
/// ```
/// strings  count · where each ends · UTF-8
/// watches  sources · count · path of each · bytes of the rest · what each said
/// outputs  count · path of each · owner of each · kind of each
/// actions  count · first output of each, and one more · place of each · parts in common · bytes
/// targets  count · bytes
/// ```
public final class Plan {
  private final ActionTypes types;
  private final byte[] bytes;
  private final int[] stringEnds;
  private final int stringsAt;
  private final int sourceCount;
  private final int[] watchPaths;
  private final int watchesAt;
  private final int[] outputPaths;
  private final int[] outputOwners;
  private final int outputKindsAt;
  private final int[] firstOutputs;
  private final int[] actionPlaces;
  private final int[] sharedPlaces;
  private final int sharedAt;
  private final int actionsAt;
  private final int targetCount;
  private final int targetsAt;

  private Plan(byte[] bytes, ActionTypes types) {
    this.bytes = bytes;
    this.types = types;
    RecordReader in = new RecordReader(bytes);
    stringEnds = in.getInts(in.getInt());
    stringsAt = passBytes(in);
    sourceCount = in.getInt();
    watchPaths = in.getInts(in.getInt());
    watchesAt = passBytes(in);
    outputPaths = in.getInts(in.getInt());
    outputOwners = in.getInts(outputPaths.length);
    outputKindsAt = in.position();
    in.skip(outputPaths.length);
    int actions = in.getInt();
    firstOutputs = in.getInts(actions + 1);
    actionPlaces = in.getInts(actions);
    sharedPlaces = in.getInts(in.getInt());
    sharedAt = passBytes(in);
    actionsAt = passBytes(in);
    targetCount = in.getInt();
    targetsAt = passBytes(in);
  }

  private static int passBytes(RecordReader in) {
    int length = in.getInt();
    int at = in.position();
    in.skip(length);
    return at;
  }

  /// Reads a plan, which trusts its bytes.
  public static Plan read(byte[] bytes, ActionTypes types) {
    return new Plan(bytes, types);
  }

  /// Plans what targets name, with all the actions that this takes.
  ///
  /// @param targets what is asked for
  /// @param graph has every action that may be needed
  /// @param said what loading and analysis were told of which path, see [Watch]
  /// @throws dev.athanor.engine.UserException when actions need each other's outputs
  public static Plan of(
      List<WantedTarget> targets,
      ActionGraph graph,
      SortedMap<String, List<Watch.Said>> said,
      ActionTypes types) {
    Set<Artifact> wanted = new LinkedHashSet<>();
    targets.forEach(target -> target.artifacts().values().forEach(wanted::addAll));
    List<Action> actions = ActionOrder.of(graph, wanted);
    PlanWriter writer = new PlanWriter();
    watches(wanted, actions, said).forEach(writer::watch);
    actions.forEach(writer::action);
    targets.forEach(writer::target);
    return new Plan(writer.finish(), types);
  }

  /// Sources first, in the order in which actions read them.
  private static Collection<Watch> watches(
      Set<Artifact> wanted, List<Action> actions, SortedMap<String, List<Watch.Said>> said) {
    Map<String, Watch> watches = new LinkedHashMap<>();
    Stream.concat(actions.stream().flatMap(action -> action.inputs().stream()), wanted.stream())
        .forEach(artifact -> {
          if (artifact instanceof Artifact.Source(var path)) {
            String name = path.text();
            watches.computeIfAbsent(
                name, _ -> new Watch(name, true, said.getOrDefault(name, List.of())));
          }
        });
    said.forEach((path, answers) -> watches.putIfAbsent(path, new Watch(path, false, answers)));
    return watches.values();
  }

  /// What [#read] reads.
  public byte[] bytes() {
    return bytes;
  }

  public int actionCount() {
    return actionPlaces.length;
  }

  public int outputCount() {
    return outputPaths.length;
  }

  public int sourceCount() {
    return sourceCount;
  }

  /// The first `sourceCount()` watches are those of the sources, in the same order.
  public int watchCount() {
    return watchPaths.length;
  }

  /// How a source is referred to among inputs.
  public static int sourceReference(int source) {
    return source * 2;
  }

  /// How an output is referred to among inputs.
  public static int outputReference(int output) {
    return output * 2 + 1;
  }

  public static boolean isOutput(int reference) {
    return (reference & 1) == 1;
  }

  /// The number of the source or output.
  public static int number(int reference) {
    return reference >> 1;
  }

  /// The path of a watch, see [Watch#path].
  public String watchPath(int watch) {
    return string(watchPaths[watch]);
  }

  /// The chosen ones of all watches, in order.
  public List<Watch> watches(BitSet chosen) {
    List<Watch> found = new ArrayList<>();
    RecordReader in = new RecordReader(bytes, watchesAt);
    for (int watch = 0; watch < watchPaths.length; watch++) {
      List<Watch.Said> said = new ArrayList<>();
      for (int left = in.getInt(); left > 0; left--) {
        said.add(new Watch.Said(Codes.aspect(in.getByte()), in.getLong()));
      }
      if (chosen.get(watch)) {
        found.add(new Watch(watchPath(watch), watch < sourceCount, said));
      }
    }
    return found;
  }

  public Artifact.Source source(int source) {
    return new Artifact.Source(RelativePath.of(watchPath(source)));
  }

  public Artifact.Derived output(int output) {
    return Artifact.Derived.read(
        string(outputPaths[output]),
        Label.parseAbsolute(string(outputOwners[output])),
        Codes.kind(bytes[outputKindsAt + output]));
  }

  /// The target whose action makes an output, as [Label] writes itself.
  public String outputOwner(int output) {
    return string(outputOwners[output]);
  }

  /// The path of an output, which no other output has, see [Artifact.Derived#uniquePath].
  public String outputPath(int output) {
    return string(outputPaths[output]);
  }

  /// The path of an output where people look for it, see [Artifact.Derived#visiblePath].
  public String visiblePath(int output) {
    String path = outputPath(output);
    return path.substring(path.indexOf('/') + 1);
  }

  public Artifact artifact(int reference) {
    return isOutput(reference) ? output(number(reference)) : source(number(reference));
  }

  /// The outputs of an action have numbers from here to that of the next action's first.
  public int firstOutput(int action) {
    return firstOutputs[action];
  }

  /// What an action is known by in other plans too: the unique path of its first output.
  public String name(int action) {
    return outputPath(firstOutputs[action]);
  }

  /// The number of each action.
  public Map<String, Integer> actionsByName() {
    Map<String, Integer> actions = HashMap.newHashMap(actionCount());
    for (int action = 0; action < actionCount(); action++) {
      actions.put(name(action), action);
    }
    return actions;
  }

  /// The number of each source.
  public Map<String, Integer> sourcesByPath() {
    Map<String, Integer> sources = HashMap.newHashMap(sourceCount);
    for (int source = 0; source < sourceCount; source++) {
      sources.put(watchPath(source), source);
    }
    return sources;
  }

  /// Which action makes an output.
  public int producer(int output) {
    int low = 0;
    int high = actionPlaces.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (firstOutputs[middle] <= output) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /// References to what an action reads, in declared order.
  public int[] inputs(int action) {
    RecordReader in = new RecordReader(bytes, actionsAt + actionPlaces[action]);
    boolean command = in.getByte() == Codes.COMMAND;
    in.getInt();
    in.getInt();
    if (command) {
      skipInts(in, in.getInt());
      in.getInt();
    } else {
      skipInts(in, in.getInt() * 2);
    }
    return references(in);
  }

  private static void skipInts(RecordReader in, int count) {
    for (int left = count; left > 0; left--) {
      in.getInt();
    }
  }

  private static int[] references(RecordReader in) {
    int[] references = new int[in.getInt()];
    for (int i = 0; i < references.length; i++) {
      references[i] = in.getInt();
    }
    return references;
  }

  /// All actions that it takes to make some outputs.
  public BitSet actionsFor(int[] references) {
    BitSet needed = producers(references);
    for (int action = needed.length() - 1;
        action >= 0;
        action = needed.previousSetBit(action - 1)) {
      needed.or(producers(inputs(action)));
    }
    return needed;
  }

  /// The actions that make some of these themselves.
  public BitSet producers(int[] references) {
    BitSet producers = new BitSet();
    for (int reference : references) {
      if (isOutput(reference)) {
        producers.set(producer(number(reference)));
      }
    }
    return producers;
  }

  /// Whether a result of the action may stand for a later run.
  public boolean isCacheable(int action) {
    return bytes[actionsAt + actionPlaces[action]] != Codes.UNCACHEABLE_BUILTIN;
  }

  public Action action(int action) {
    RecordReader in = new RecordReader(bytes, actionsAt + actionPlaces[action]);
    boolean command = in.getByte() == Codes.COMMAND;
    Label owner = Label.parseAbsolute(string(in.getInt()));
    return command ? command(action, owner, in) : builtin(action, owner, in);
  }

  /// Whose the action is; can be told even when the action itself cannot be decoded.
  public Label owner(int action) {
    RecordReader in = new RecordReader(bytes, actionsAt + actionPlaces[action]);
    in.getByte();
    return Label.parseAbsolute(string(in.getInt()));
  }

  private Action.Builtin builtin(int action, Label owner, RecordReader in) {
    ActionType type = types.type(string(in.getInt()));
    SortedMap<String, String> params = pairs(in);
    return new Action.Builtin(owner, type, params, artifacts(in), outputs(action));
  }

  private Action.Command command(int action, Label owner, RecordReader in) {
    String mnemonic = string(in.getInt());
    List<String> argv = strings(in);
    SortedMap<String, String> env = pairs(shared(in.getInt()));
    List<Artifact> inputs = artifacts(in);
    ExecutionRoot root = root(shared(in.getInt()));
    boolean network = in.getByte() == 1;
    int timeout = in.getInt();
    Action.Needs needs =
        new Action.Needs(in.getInt(), in.getInt() * Action.Needs.MEBIBYTE, in.getInt());
    int log = in.getInt();
    return new Action.Command(
        owner,
        mnemonic,
        argv,
        env,
        inputs,
        outputs(action),
        root,
        network,
        timeout == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(timeout - 1)),
        needs,
        log == 0 ? Optional.empty() : Optional.of(output(firstOutputs[action] + log - 1)));
  }

  private ExecutionRoot root(RecordReader in) {
    if (in.getByte() == Codes.HOST) {
      String fingerprint = string(in.getInt());
      return new ExecutionRoot.Host(strings(in), fingerprint);
    }
    Artifact rootfs = artifact(in.getInt());
    return new ExecutionRoot.Image(rootfs, strings(in).stream().findFirst());
  }

  private List<Artifact.Derived> outputs(int action) {
    List<Artifact.Derived> outputs = new ArrayList<>();
    for (int output = firstOutputs[action]; output < firstOutputs[action + 1]; output++) {
      outputs.add(output(output));
    }
    return outputs;
  }

  /// What was asked for.
  public List<PlannedTarget> targets() {
    List<PlannedTarget> targets = new ArrayList<>(targetCount);
    RecordReader in = new RecordReader(bytes, targetsAt);
    for (int i = 0; i < targetCount; i++) {
      String label = string(in.getInt());
      String rule = string(in.getInt());
      String[] parts = new String[in.getInt()];
      int[][] references = new int[parts.length][];
      for (int part = 0; part < parts.length; part++) {
        parts[part] = string(in.getInt());
        references[part] = references(in);
      }
      targets.add(new PlannedTarget(label, rule, parts, references, pairs(in)));
    }
    return targets;
  }

  /// References to all that plays `part` in a target, each once.
  public int[] references(String part) {
    byte[] name = part.getBytes(StandardCharsets.UTF_8);
    return references(number -> isString(number, name)).stream().toArray();
  }

  /// The sources that targets name themselves.
  public BitSet wantedSources() {
    BitSet sources = new BitSet();
    references(_ -> true).stream()
        .filter(reference -> !isOutput(reference))
        .forEach(reference -> sources.set(number(reference)));
    return sources;
  }

  /// References to what plays some parts, which are known by the numbers of their names. Makes no
  /// target for that: there may be a hundred thousand.
  private BitSet references(IntPredicate part) {
    BitSet references = new BitSet();
    RecordReader in = new RecordReader(bytes, targetsAt);
    for (int i = 0; i < targetCount; i++) {
      skipInts(in, 2);
      for (int parts = in.getInt(); parts > 0; parts--) {
        boolean wanted = part.test(in.getInt());
        for (int left = in.getInt(); left > 0; left--) {
          int reference = in.getInt();
          if (wanted) {
            references.set(reference);
          }
        }
      }
      skipInts(in, in.getInt() * 2);
    }
    return references;
  }

  private List<Artifact> artifacts(RecordReader in) {
    List<Artifact> artifacts = new ArrayList<>();
    for (int reference : references(in)) {
      artifacts.add(artifact(reference));
    }
    return artifacts;
  }

  private RecordReader shared(int number) {
    return new RecordReader(bytes, sharedAt + sharedPlaces[number]);
  }

  private List<String> strings(RecordReader in) {
    List<String> strings = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      strings.add(string(in.getInt()));
    }
    return strings;
  }

  private SortedMap<String, String> pairs(RecordReader in) {
    int count = in.getInt();
    if (count == 0) {
      return Collections.emptySortedMap();
    }
    SortedMap<String, String> map = new TreeMap<>();
    for (int left = count; left > 0; left--) {
      map.put(string(in.getInt()), string(in.getInt()));
    }
    return map;
  }

  private String string(int number) {
    int start = stringStart(number);
    return new String(bytes, start, stringEnd(number) - start, StandardCharsets.UTF_8);
  }

  private boolean isString(int number, byte[] text) {
    return Arrays.equals(bytes, stringStart(number), stringEnd(number), text, 0, text.length);
  }

  private int stringStart(int number) {
    return number == 0 ? stringsAt : stringEnd(number - 1);
  }

  private int stringEnd(int number) {
    return stringsAt + stringEnds[number];
  }
}
