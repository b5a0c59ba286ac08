package dev.athanor.oci.rule;

import dev.athanor.actions.GenericRules;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.rule.Macro;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleSet;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.image.LayerFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// All that there is: what has nothing to do with images, and what has.
public final class Catalogue {
  private Catalogue() {}

  /// Every rule that BUILD files may use, and `//:empty`, which every workspace has.
  ///
  /// @param host the tools of the host, looked at when a command wants them
  public static RuleSet rules(OciActions oci, Supplier<ExecutionRoot.Host> host) {
    List<Rule> rules = new ArrayList<>(GenericRules.rules(host));
    rules.add(PullImage.rule(oci));
    rules.add(ImportedImage.rule(oci));
    rules.add(BuildImage.rule(oci));
    rules.add(EmptyImage.rule(oci));
    rules.add(ImageIndex.rule(oci));
    rules.add(MirrorImage.rule(oci));
    rules.add(StructureTest.rule(oci));
    rules.addAll(LayerRules.rules(oci));
    rules.addAll(ProgramImages.rules(oci));
    return RuleSet.of(
        rules,
        List.of(PullImage.images(), MirrorImage.images()),
        List.of(new Macro.Expansion("empty", "oci_image_empty", Map.of())),
        GenericRules.toolbox(host, List.of(ImageInfo.TYPE, LayerFiles.TYPE)));
  }

  /// Every type of built-in action.
  public static ActionTypes types(OciActions oci) {
    List<ActionType> all = new ArrayList<>(GenericRules.types());
    all.addAll(oci.types());
    return ActionTypes.of(all);
  }
}
