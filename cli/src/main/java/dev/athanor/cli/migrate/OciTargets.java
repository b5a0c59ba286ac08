package dev.athanor.cli.migrate;

import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.starlark.syntax.Expression;
import java.util.List;
import java.util.Set;

/// Targets that Athanor has under the name that they had. What they say is kept as long as it is
/// known, and so is how it is written, but for addresses.
final class OciTargets {
  private OciTargets() {}

  static Translation as(List<Attribute> attributes) {
    return (target, addresses) -> {
      for (String argument : target.arguments()) {
        attributes.stream()
            .filter(a -> a.name().equals(argument) || a.aliases().contains(argument))
            .findFirst()
            .ifPresentOrElse(
                attribute -> keep(target, argument, attribute, addresses),
                () -> unknown(target, argument));
      }
    };
  }

  private static void keep(
      PantsTarget target, String argument, Attribute attribute, Addresses addresses) {
    Set<String> words = attribute.words().keySet();
    switch (attribute.type()) {
      case LABEL, LABELS -> {
        if (!target.string(argument).map(words::contains).orElse(false)
            && !target.strings(argument).map(words::containsAll).orElse(false)) {
          Translations.labels(target, argument, addresses);
        }
      }
      case STRINGS -> {
        if (!attribute.lenient()
            && target.value(argument).orElse(null) instanceof Expression.StringLiteral) {
          target.set(argument, "[" + target.written(argument) + "]");
          target.done(argument + " is a list");
        }
      }
      case STRING, INT, BOOL, STRING_MAP, INTS, STRING_LIST_MAP, LABEL_MAP, OUTPUTS -> {}
    }
  }

  private static void unknown(PantsTarget target, String argument) {
    target.comment(
        argument,
        argument + " has no meaning here",
        argument.equals("dependencies") ? "name in packages what goes into the image" : "");
  }
}
