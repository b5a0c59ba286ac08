package dev.athanor.oci.rule;

import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Macro;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Macros that stand for several targets of one rule, which differ in an image's digest:
/// `:name#key` for each entry of `variants`, from a key to a digest.
final class Variants {
  private static final String VARIANTS = "variants";

  private Variants() {}

  /// @param attributes that all targets have alike
  /// @param meaning of an entry of `variants`
  /// @param rule of the targets
  /// @param more what a target has besides, by its key
  static Macro of(
      String name,
      String doc,
      List<Attribute> attributes,
      String meaning,
      String rule,
      Function<String, Map<String, Object>> more) {
    List<Attribute> all = new ArrayList<>(attributes);
    all.add(Attribute.stringMap(VARIANTS, meaning).required());
    return new Macro(
        name,
        doc,
        all,
        given -> {
          List<Macro.Expansion> expansions = new ArrayList<>();
          given
              .stringMap(VARIANTS)
              .forEach((key, sha) -> {
                Map<String, Object> values = new HashMap<>(given.values());
                values.remove(VARIANTS);
                values.put(PullImage.SHA.name(), sha);
                values.putAll(more.apply(key));
                expansions.add(new Macro.Expansion(given.string("name") + "#" + key, rule, values));
              });
          return expansions;
        });
  }
}
