package dev.athanor.oci.rule;

import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.image.LayerFiles;
import dev.athanor.oci.image.LayerSpec;
import java.util.ArrayList;
import java.util.List;

/// `oci_layer`, `oci_build_layer` and `oci_extract`: one layer each, for the `layers` of an image.
final class LayerRules {
  private static final Attribute BASE =
      Attribute.label("base", "The image that has the files.").scalarOrList().required();

  private static final Attribute ENV =
      Attribute.strings("env", "`KEY=VALUE` entries for the environment of the commands.");

  private static final Attribute EXCLUDE =
      Attribute.strings(
          "exclude",
          "Patterns of paths to leave out, with all that is below them: `/usr/share/doc`, or `*.pyc` for any depth.");

  private static final String PATHS =
      "Paths in the image, with all that is below them; `*`, `?` and `**` may stand for parts of a path, and a path that"
          + " is not there is an error.";

  private final OciActions actions;

  private LayerRules(OciActions actions) {
    this.actions = actions;
  }

  static List<Rule> rules(OciActions actions) {
    LayerRules rules = new LayerRules(actions);
    return List.of(rules.layer(), rules.buildLayer(), rules.extract());
  }

  private Rule layer() {
    List<Attribute> attributes = new ArrayList<>(LayerAttributes.ALL);
    attributes.addAll(common());
    return Rule.of(
        "oci_layer",
        """
        One layer of files, for the `layers` of an image: what several images share is packed, stored and pushed once. \
        Files lie where `oci_build_image` would put them.\
        """,
        attributes,
        this::analyzeLayer);
  }

  private Rule buildLayer() {
    List<Attribute> attributes =
        new ArrayList<>(
            List.of(
                Attribute.label("base", "The image that the commands run in.")
                    .scalarOrList()
                    .required(),
                Attribute.strings(
                        "commands",
                        "Shell commands, run one after the other as root with `/bin/sh -c`, after the files of the"
                            + " target are in the image.")
                    .scalarOrList(),
                BuildSteps.NETWORK,
                Attribute.strings(
                    "outputs",
                    "What of the result to take. "
                        + PATHS
                        + " Without it, all that files and commands changed."),
                ENV,
                EXCLUDE));
    attributes.addAll(LayerAttributes.ALL);
    attributes.addAll(common());
    return Rule.of(
        "oci_build_layer",
        """
        One layer made by commands in an image, for the `layers` of another: a compiler and its inputs stay behind, \
        what they made comes along, with owners, modes and links.\
        """,
        attributes,
        this::analyzeBuildLayer);
  }

  private Rule extract() {
    List<Attribute> attributes =
        new ArrayList<>(
            List.of(BASE, Attribute.strings("outputs", PATHS).required(), ENV, EXCLUDE));
    attributes.addAll(common());
    return Rule.of(
        "oci_extract",
        "One layer of files out of an image, for the `layers` of another. Nothing is run; `env` is accepted for build"
            + " files of the earlier plugin.",
        attributes,
        this::analyzeExtract);
  }

  private static List<Attribute> common() {
    return List.of(DeclaredLayer.COMPRESSION, DeclaredLayer.CREATED_BY, DeclaredLayer.OUTPUT_PATH);
  }

  private Providers analyzeLayer(RuleContext context) {
    LayerSpec spec = LayerAttributes.spec(context);
    if (spec.isEmpty()) {
      throw context.error(
          "packages", "nothing is to be in the layer", "name files with packages, files or tars");
    }
    LayerFiles layer = DeclaredLayer.ofTarget(context);
    DeclaredLayer.add(
        context,
        actions,
        layer,
        spec,
        LayerAttributes.inputs(context),
        DeclaredLayer.createdBy(context),
        false);
    return DeclaredLayer.providers(layer);
  }

  private Providers analyzeBuildLayer(RuleContext context) {
    LayerSpec spec = LayerAttributes.spec(context);
    List<String> commands = context.attributes().strings("commands");
    if (spec.isEmpty() && commands.isEmpty()) {
      throw context.error("commands", "there is nothing to run", "or use oci_extract");
    }
    BuildSteps steps =
        new BuildSteps(context, actions, base(context), ImageAttributes.env(context), true);
    if (!spec.isEmpty()) {
      LayerFiles files = DeclaredLayer.files(context, context.label().name() + ".files");
      DeclaredLayer.add(
          context, actions, files, spec, LayerAttributes.inputs(context), "files", true);
      steps.add(List.of(files), spec.archives().isEmpty());
    }
    commands.forEach(steps::run);
    LayerFiles layer = DeclaredLayer.ofTarget(context);
    List<String> outputs = context.attributes().strings("outputs");
    List<String> exclude = context.attributes().strings("exclude");
    if (outputs.isEmpty()) {
      steps.changes(exclude, layer, DeclaredLayer.createdBy(context));
    } else {
      steps.extract(checked(context, outputs), exclude, layer, DeclaredLayer.createdBy(context));
    }
    return DeclaredLayer.providers(layer);
  }

  private Providers analyzeExtract(RuleContext context) {
    BuildSteps steps =
        new BuildSteps(context, actions, base(context), ImageAttributes.env(context), true);
    LayerFiles layer = DeclaredLayer.ofTarget(context);
    steps.extract(
        checked(context, context.attributes().strings("outputs")),
        context.attributes().strings("exclude"),
        layer,
        DeclaredLayer.createdBy(context));
    return DeclaredLayer.providers(layer);
  }

  private static ImageInfo base(RuleContext context) {
    ConfiguredTarget base = context.dependency("base").orElseThrow();
    return context.require(base, ImageInfo.class, "base", "an image");
  }

  private static List<String> checked(RuleContext context, List<String> outputs) {
    if (outputs.isEmpty()) {
      throw context.error("outputs", "names nothing", "name the paths that the layer is to hold");
    }
    for (String path : outputs) {
      if (path.isEmpty() || ("/" + path + "/").contains("/../") || path.indexOf('\0') >= 0) {
        throw context.error(
            "outputs", "'" + path + "' is no path in the image", "write it without '..'");
      }
    }
    return outputs;
  }
}
