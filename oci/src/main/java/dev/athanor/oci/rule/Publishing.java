package dev.athanor.oci.rule;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.action.Push;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.model.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `publish` does with a target that has `repository` and `tag`.
final class Publishing {
  private Publishing() {}

  static PublishInfo of(RuleContext context, OciActions actions, ImageInfo image) {
    String tag = context.attributes().string("tag");
    Optional<String> text = context.attributes().optionalString("repository");
    if (text.isEmpty()) {
      return PublishInfo.skipped("it has no repository");
    }
    Repository repository = context.parsed("repository", text.get(), Repository::parse);
    if (!Reference.isTag(tag)) {
      throw context.error(
          "tag", "'" + tag + "' is not a tag", "letters, digits, '_', '.' and '-', at most 128");
    }
    Label label = context.label();
    Artifact.Derived receipt = Artifact.Derived.file(label, label.name() + ".receipt.json");
    List<Artifact> inputs = new ArrayList<>();
    inputs.add(image.image());
    // Trees hold layers of the base: whether their bytes are needed, only the registry can tell.
    image.layers().stream()
        .filter(layer -> layer.kind() != Artifact.Derived.Kind.TREE)
        .forEach(inputs::add);
    context.register(
        new Action.Builtin(
            label, actions.push(), Push.params(repository, tag), inputs, List.of(receipt)));
    return PublishInfo.to(receipt);
  }
}
