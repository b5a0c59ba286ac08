package dev.athanor.oci.rule;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.action.RepackLayer;
import dev.athanor.oci.action.RunCommand;
import dev.athanor.oci.action.UnpackLayers;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.layer.Compression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The commands of an image as actions: run the command in the root filesystem so far, repack what
/// it changed.
///
/// The packages are unpacked alone and laid over the base, whose directory is written once for
/// every image on it: so a changed file costs no second look at the base.
final class BuildSteps {
  private final RuleContext context;
  private final OciActions actions;
  private final ImageInfo base;
  private final SortedMap<String, String> env;
  private Artifact.Derived root;

  /// What `root` is made of when it is put on a disk, the topmost first.
  private List<Artifact> layered;

  private int steps;

  /// @param env what the target sets for the image, and so for its commands
  BuildSteps(RuleContext context, OciActions actions, ImageInfo base, Map<String, String> env) {
    this.context = context;
    this.actions = actions;
    this.base = base;
    this.env = new TreeMap<>(env);
    this.root = base.rootfs();
    this.layered = List.of(root);
  }

  /// The layer that a command makes.
  record Step(Artifact.Derived blob, Artifact.Derived info) {}

  /// The root filesystem after all that was declared so far.
  Artifact.Derived rootfs() {
    return root;
  }

  /// Puts layers on the base, before any command.
  void packages(List<Artifact> infos, List<Artifact.Derived> blobs) {
    if (infos.isEmpty()) {
      return;
    }
    Artifact.Derived packages = unpack("packages.rootfs", List.of(), infos, blobs);
    layered = List.of(packages, root);
    root = unpack("rootfs", List.of(root), infos, blobs);
  }

  /// Runs a command.
  Step command(String command) {
    steps++;
    Artifact.Derived after = file("step." + steps + ".rootfs");
    List<Artifact> inputs = new ArrayList<>(List.of(base.image(), root));
    layered.stream().filter(layer -> !inputs.contains(layer)).forEach(inputs::add);
    register(actions.run(), RunCommand.params(command, env, layered), inputs, List.of(after));
    Step step = repack(command, root, after);
    root = after;
    layered = List.of(after);
    return step;
  }

  private Artifact.Derived unpack(
      String name, List<Artifact> below, List<Artifact> infos, List<Artifact.Derived> blobs) {
    Artifact.Derived output = file(name);
    List<Artifact> inputs = new ArrayList<>(below);
    inputs.addAll(infos);
    inputs.addAll(blobs);
    register(
        actions.unpack(),
        UnpackLayers.layers(!below.isEmpty(), infos.size()),
        inputs,
        List.of(output));
    return output;
  }

  private Step repack(String command, Artifact before, Artifact after) {
    Artifact.Derived blob = file("step." + steps + ".layer.tar.gz");
    Artifact.Derived info = file("step." + steps + ".layer.json");
    register(
        actions.repack(),
        RepackLayer.params(Compression.GZIP, command),
        List.of(before, after),
        List.of(blob, info));
    return new Step(blob, info);
  }

  private Artifact.Derived file(String suffix) {
    return Artifact.Derived.file(context.label(), context.label().name() + "." + suffix);
  }

  private void register(
      ActionType type,
      SortedMap<String, String> params,
      List<Artifact> inputs,
      List<Artifact.Derived> outputs) {
    context.register(new Action.Builtin(context.label(), type, params, inputs, outputs));
  }
}
