package dev.athanor.oci.rule;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.OciActions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `oci_build_image`: a base, with files and steps on top.
final class BuildImage {
  private final OciActions actions;

  private BuildImage(OciActions actions) {
    this.actions = actions;
  }

  static Rule rule(OciActions actions) {
    return Rule.of(
            "oci_build_image",
            """
            An image: a base with layers, files and commands on top. Unless told otherwise, each file of `packages` lies \
            at its path in the workspace (`//app:server` at `/app/server`), owned by root; all files of the target make \
            one layer. The executable of the first package that has one becomes the entrypoint. `build` leaves an OCI \
            layout directory; `publish` pushes it.\
            """,
            ImageAttributes.and(LayerAttributes.ALL),
            new BuildImage(actions)::analyze)
        .alias("oci_image_build")
        .splitting(Platforms.SPLIT, context -> Platforms.index(context, actions));
  }

  private Providers analyze(RuleContext context) {
    DeclaredImage image = new DeclaredImage(context, actions);
    image.add("layer", LayerAttributes.spec(context), LayerAttributes.inputs(context));
    return image.finish(program(context), Map.of());
  }

  /// Where the first package's program lies.
  private static Optional<List<String>> program(RuleContext context) {
    Optional<Artifact> program =
        context.dependencies("packages").stream()
            .flatMap(target -> target.providers().defaultInfo().executable().stream())
            .findFirst();
    return program.map(file -> List.of(LayerAttributes.destination(context, file)));
  }
}
