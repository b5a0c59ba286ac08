package dev.athanor.actions;

import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.ConfigSetting;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// `config_setting`: a condition for `select`.
final class ConfigSettingRule {
  private static final List<String> PLATFORM = List.of("os", "architecture", "variant");

  private ConfigSettingRule() {}

  static Rule rule() {
    return Rule.of(
        "config_setting",
        "A condition for `select`: holds when the build is for this platform and has these flags.",
        List.of(
            Attribute.string("os", "The operating system that the build must be for."),
            Attribute.string("architecture", "The architecture that the build must be for."),
            Attribute.string("variant", "The architecture's variant."),
            Attribute.stringMap("flags", "Values that flags must have, as `--define` sets them.")
                .alias("define_values", "values")),
        ConfigSettingRule::analyze);
  }

  private static Providers analyze(RuleContext context) {
    SortedMap<String, String> wanted = new TreeMap<>();
    for (String part : PLATFORM) {
      context.attributes().optionalString(part).ifPresent(value -> wanted.put(part, value));
    }
    context
        .attributes()
        .stringMap("flags")
        .forEach((name, value) -> wanted.put(ConfigSetting.FLAG + name, value));
    if (wanted.isEmpty()) {
      throw context.error("flags", "asks for nothing", "give os, architecture or flags");
    }
    return Providers.of(new ConfigSetting(wanted));
  }
}
