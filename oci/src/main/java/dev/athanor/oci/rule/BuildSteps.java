package dev.athanor.oci.rule;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.ExtractLayer;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.action.RepackLayer;
import dev.athanor.oci.action.RunCommand;
import dev.athanor.oci.action.UnpackLayers;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.image.LayerFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Commands in an image as actions: run a command in the root filesystem so far, make a layer of
/// what it changed.
///
/// Layers of files are unpacked alone and laid over the base, whose directory is written once for
/// every image on it: so a changed file costs no second look at the base.
final class BuildSteps {
  static final Attribute NETWORK =
      Attribute.bool(
          "network",
          "Whether commands may reach the network. What they make then depends on more than Athanor can see.");

  private final RuleContext context;
  private final OciActions actions;
  private final ImageInfo base;
  private final SortedMap<String, String> env;
  private final boolean volumes;
  private Artifact.Derived root;

  /// What `root` is made of when it is put on a disk, the topmost first.
  private List<Artifact> layered;

  private int steps;

  /// @param env what the target sets for its commands
  /// @param volumes whether the base's volumes are volumes still: nothing in them is kept then
  BuildSteps(
      RuleContext context,
      OciActions actions,
      ImageInfo base,
      Map<String, String> env,
      boolean volumes) {
    this.context = context;
    this.actions = actions;
    this.base = base;
    this.env = new TreeMap<>(env);
    this.volumes = volumes;
    this.root = base.rootfs();
    this.layered = List.of(root);
  }

  /// The root filesystem after all that was declared so far.
  Artifact.Derived rootfs() {
    return root;
  }

  /// Puts layers on the base, before any command.
  ///
  /// @param alone whether they can be unpacked for themselves: they remove nothing that is in the
  ///   base, and link to nothing there
  void add(List<LayerFiles> layers, boolean alone) {
    if (layers.isEmpty()) {
      return;
    }
    Artifact.Derived below = root;
    root = unpack("rootfs", List.of(below), layers);
    layered = alone ? List.of(unpack("added.rootfs", List.of(), layers), below) : List.of(root);
  }

  /// Runs a command.
  void run(String command) {
    steps++;
    Artifact.Derived after = file("step." + steps + ".rootfs");
    List<Artifact> inputs = new ArrayList<>(List.of(base.image(), root));
    layered.stream().filter(layer -> !inputs.contains(layer)).forEach(inputs::add);
    boolean network = context.attributes().bool(NETWORK.name());
    register(
        actions.run(),
        RunCommand.params(command, env, network, volumes, layered),
        inputs,
        List.of(after));
    root = after;
    layered = List.of(after);
  }

  /// Runs a command and makes a layer of its changes.
  LayerFiles layer(String command) {
    Artifact before = root;
    run(command);
    LayerFiles layer =
        DeclaredLayer.files(context, context.label().name() + ".step." + steps + ".layer");
    repack(before, List.of(), layer, command);
    return layer;
  }

  /// Makes a layer of all changes to the base but the excluded ones.
  void changes(List<String> exclude, LayerFiles layer, String createdBy) {
    repack(base.rootfs(), exclude, layer, createdBy);
  }

  private void repack(Artifact before, List<String> exclude, LayerFiles layer, String createdBy) {
    register(
        actions.repack(),
        RepackLayer.params(exclude, DeclaredLayer.compression(context), createdBy),
        List.of(before, root),
        List.of(layer.blob(), layer.info()));
  }

  /// Makes a layer of what is at some paths.
  void extract(List<String> paths, List<String> exclude, LayerFiles layer, String createdBy) {
    register(
        actions.extract(),
        ExtractLayer.params(paths, exclude, DeclaredLayer.compression(context), createdBy),
        List.of(root),
        List.of(layer.blob(), layer.info()));
  }

  private Artifact.Derived unpack(String name, List<Artifact> below, List<LayerFiles> layers) {
    Artifact.Derived output = file(name);
    List<Artifact> inputs = new ArrayList<>(below);
    layers.forEach(layer -> inputs.add(layer.info()));
    layers.forEach(layer -> inputs.add(layer.blob()));
    register(
        actions.unpack(),
        UnpackLayers.layers(!below.isEmpty(), layers.size()),
        inputs,
        List.of(output));
    return output;
  }

  private Artifact.Derived file(String suffix) {
    return context.file(context.label().name() + "." + suffix);
  }

  private void register(
      ActionType type,
      SortedMap<String, String> params,
      List<Artifact> inputs,
      List<Artifact.Derived> outputs) {
    context.register(new Action.Builtin(context.label(), type, params, inputs, outputs));
  }
}
