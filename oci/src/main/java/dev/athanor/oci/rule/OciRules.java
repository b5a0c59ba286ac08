package dev.athanor.oci.rule;

import dev.athanor.engine.rule.Macro;
import dev.athanor.engine.rule.ProviderType;
import dev.athanor.engine.rule.Rule;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.image.LayerFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Every rule of this module.
public final class OciRules {
  private OciRules() {}

  public static List<Rule> rules(OciActions actions) {
    List<Rule> rules =
        new ArrayList<>(
            List.of(
                PullImage.rule(actions),
                ImportedImage.rule(actions),
                BuildImage.rule(actions),
                EmptyImage.rule(actions),
                ImageIndex.rule(actions),
                MirrorImage.rule(actions)));
    rules.addAll(LayerRules.rules(actions));
    rules.addAll(ProgramImages.rules(actions));
    return rules;
  }

  /// What user rules can read of images, and make.
  public static List<ProviderType<?>> providers() {
    return List.of(ImageInfo.TYPE, LayerFiles.TYPE);
  }

  public static List<Macro> macros() {
    return List.of(PullImage.images(), MirrorImage.images());
  }

  /// `//:empty`, which every workspace has.
  public static List<Macro.Expansion> rootTargets() {
    return List.of(new Macro.Expansion("empty", "oci_image_empty", Map.of()));
  }
}
