package dev.athanor.oci.rule;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.DefaultInfo;
import dev.athanor.engine.rule.Macro;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.Mirror;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.image.Destination;
import dev.athanor.oci.model.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `oci_mirror_image` and `oci_mirror_images`: copies from registry to registry.
final class MirrorImage {
  private static final List<Attribute> REPOSITORIES =
      List.of(
          Attribute.string("source_repository", "Fully qualified repository to copy from.")
              .required(),
          Attribute.string(
                  "destination_repository",
                  "Fully qualified repository to copy to. In it and in tags, `{NAME}` stands for a value of"
                      + " `--define NAME=VALUE`.")
              .required(),
          Attribute.bool(
              "referrers", "Copy what refers to the image, too: signatures, SBOMs, attestations."));

  private final OciActions actions;

  private MirrorImage(OciActions actions) {
    this.actions = actions;
  }

  static Rule rule(OciActions actions) {
    List<Attribute> attributes = new ArrayList<>(REPOSITORIES);
    attributes.add(PullImage.SHA.required());
    attributes.add(Publishing.TAG);
    attributes.add(Publishing.TAGS);
    return Rule.of(
        "oci_mirror_image",
        """
        A copy of an image or index in another repository, byte for byte. `publish` makes it; where it is there \
        already, one request for each tag finds that out. `build` has nothing to do.\
        """,
        attributes,
        new MirrorImage(actions)::analyze);
  }

  static Macro images() {
    return Variants.of(
        "oci_mirror_images",
        "Copies of several images of one repository: `:name#tag` for each entry of `variants`.",
        REPOSITORIES,
        "From a tag to the SHA-256 digest of the image it gets.",
        "oci_mirror_image",
        tag -> Map.of(Publishing.TAG.name(), tag));
  }

  private Providers analyze(RuleContext context) {
    Set<String> tags = Publishing.tags(context);
    Destination destination =
        context.parsed(
            "destination_repository",
            context.attributes().string("destination_repository"),
            repository ->
                new Destination(repository, List.copyOf(tags))
                    .fill(Publishing.values(context.configuration()))
                    .checked());
    Artifact.Derived receipt = context.file(context.label().name() + ".receipt.json");
    context.register(
        new Action.Builtin(
            context.label(),
            actions.mirror(),
            Mirror.params(
                context.parsed(
                    "source_repository",
                    context.attributes().string("source_repository"),
                    Repository::parse),
                PullImage.sha(context, PullImage.SHA.name()),
                destination,
                context.attributes().bool("referrers")),
            List.of(),
            List.of(receipt)));
    return Providers.of(
        DefaultInfo.of(List.of()), PublishInfo.to(List.of(receipt), List.of(destination)));
  }
}
