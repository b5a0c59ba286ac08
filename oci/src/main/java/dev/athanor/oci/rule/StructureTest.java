package dev.athanor.oci.rule;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.DefaultInfo;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.engine.test.TestInfo;
import dev.athanor.oci.action.CheckDigest;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.image.IndexInfo;
import java.util.List;

/// `oci_structure_test`: an image that must not change unnoticed.
final class StructureTest {
  private static final Attribute BASE =
      Attribute.label("base", "The image or index.").scalarOrList().required();

  private static final Attribute EXPECTED =
      Attribute.string(
              "expected_digest", "The digest that it must have, which `athanor build` prints.")
          .required();

  private StructureTest() {}

  static Rule rule(OciActions actions) {
    return Rule.of(
        "oci_structure_test",
        """
        A test that an image is what it was: it fails when the digest of the manifest, or of the index, is another one. \
        Nothing is run, and no layer of a base is brought here.\
        """,
        List.of(BASE, EXPECTED),
        context -> analyze(context, actions));
  }

  private static Providers analyze(RuleContext context, OciActions actions) {
    IndexInfo image =
        ImageIndex.info(context, context.dependency(BASE.name()).orElseThrow(), BASE.name());
    String folder = context.label().name() + ".test/";
    TestInfo.Run run =
        new TestInfo.Run(context.file(folder + "test.log"), context.tree(folder + "outputs"));
    context.register(
        new Action.Builtin(
            context.label(),
            actions.checkDigest(),
            CheckDigest.params(PullImage.sha(context, EXPECTED.name())),
            List.of(image.index()),
            List.of(run.log(), run.outputs())));
    return Providers.of(
        DefaultInfo.NONE, new TestInfo(List.of(run), 1, context.attributes().strings("tags")));
  }
}
