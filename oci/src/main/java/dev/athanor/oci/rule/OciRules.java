package dev.athanor.oci.rule;

import dev.athanor.engine.rule.Macro;
import dev.athanor.engine.rule.ProviderType;
import dev.athanor.engine.rule.Rule;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.image.ImageInfo;
import java.util.List;
import java.util.Map;

/// Every rule of this module.
public final class OciRules {
  private OciRules() {}

  public static List<Rule> rules(OciActions actions) {
    return List.of(PullImage.rule(actions), BuildImage.rule(actions), EmptyImage.rule(actions));
  }

  /// What user rules can read of images, and make.
  public static List<ProviderType<?>> providers() {
    return List.of(ImageInfo.TYPE);
  }

  public static List<Macro> macros() {
    return List.of(PullImage.images());
  }

  /// `//:empty`, which every workspace has.
  public static List<Macro.Expansion> rootTargets() {
    return List.of(new Macro.Expansion("empty", "oci_image_empty", Map.of()));
  }
}
