package dev.athanor.cli;

import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Macro;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleSet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The part of the reference about rules, macros and their attributes.
final class RuleReference {
  private final Markdown page;

  RuleReference(Markdown page) {
    this.page = page;
  }

  void write(RuleSet rules) {
    page.heading(2, "Rules");
    page.paragraph(
        "A rule is called in a BUILD file, or in a function that a BUILD file calls, and declares a target.");
    List<Rule> all = List.copyOf(new LinkedHashSet<>(rules.rules().values()));
    contents(all, rules.macros());
    common();
    all.forEach(rule -> rule(rule.name(), rule.aliases(), rule.doc(), rule.attributes()));
    for (Macro macro : rules.macros().values()) {
      rule(macro.name(), List.of(), macro.doc(), macro.attributes());
    }
    page.paragraph(
        rules.rootTargets().stream()
            .map(target -> "`//:" + target.name() + "` (" + page.link(target.rule()) + ")")
            .reduce(
                "Targets that every workspace has, unless its root package declares the name:",
                (text, target) -> text + " " + target));
  }

  private void contents(List<Rule> rules, Map<String, Macro> macros) {
    page.table("Rule", "");
    rules.forEach(rule -> page.row(page.link(rule.name()), firstSentence(rule.doc())));
    macros.values().forEach(macro -> page.row(page.link(macro.name()), firstSentence(macro.doc())));
    page.end();
  }

  private void common() {
    page.heading(3, "Attributes of every rule");
    attributes(Rule.COMMON);
  }

  private void rule(String name, List<String> aliases, String doc, List<Attribute> attributes) {
    page.heading(3, name);
    if (!aliases.isEmpty()) {
      page.paragraph("Also called `" + String.join("`, `", aliases) + "`.");
    }
    page.paragraph(doc);
    List<Attribute> own = attributes.stream().filter(a -> !Rule.COMMON.contains(a)).toList();
    if (own.isEmpty()) {
      page.paragraph("No attributes of its own.");
    } else {
      attributes(own);
    }
  }

  private void attributes(List<Attribute> attributes) {
    page.table("Attribute", "Type", "Default", "");
    for (Attribute attribute : attributes) {
      List<String> names = new ArrayList<>(List.of(attribute.name()));
      names.addAll(attribute.aliases());
      page.row(
          "`" + String.join("` or `", names) + "`",
          attribute.type().toString(),
          byDefault(attribute),
          attribute.doc() + more(attribute));
    }
    page.end();
  }

  private static String byDefault(Attribute attribute) {
    if (attribute.mandatory()) {
      return "**required**";
    }
    return attribute.defaultValue().map(value -> "`" + text(value) + "`").orElse("none");
  }

  private static String text(Object value) {
    return switch (value) {
      case Boolean bool -> bool ? "True" : "False";
      case String text -> '"' + text + '"';
      case Label label -> "\"" + label + '"';
      case Map<?, ?> map when map.isEmpty() -> "{}";
      default -> value.toString();
    };
  }

  /// What the declaration says besides its sentence.
  private static String more(Attribute attribute) {
    StringBuilder more = new StringBuilder();
    if (!attribute.values().isEmpty()) {
      more.append(" One of `").append(String.join("`, `", attribute.values())).append("`.");
    }
    attribute
        .words()
        .forEach((word, meaning) ->
            more.append(" `").append(word).append("` means `").append(meaning).append("`."));
    if (attribute.lenient()) {
      more.append(
          isList(attribute.type())
              ? " A single value will do for a list of one."
              : " A list of one value will do.");
    }
    return more.toString();
  }

  private static boolean isList(Attribute.Type type) {
    return switch (type) {
      case STRINGS, LABELS, INTS, OUTPUTS -> true;
      case STRING, INT, BOOL, STRING_MAP, LABEL, STRING_LIST_MAP, LABEL_MAP -> false;
    };
  }

  private static String firstSentence(String doc) {
    return Optional.of(doc.indexOf(". "))
        .filter(end -> end >= 0)
        .map(end -> doc.substring(0, end + 1))
        .orElse(doc);
  }
}
