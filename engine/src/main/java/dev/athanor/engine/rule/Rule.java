package dev.athanor.engine.rule;

import dev.athanor.engine.tree.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A kind of target.
///
/// @param name as build files call it
/// @param aliases other names under which build files may call it
/// @param doc what a target of it is, in Markdown; the first sentence stands alone
/// @param attributes besides those that every rule has
/// @param reads text files of the workspace that the rule looks at, whatever the target says
/// @param split which targets are built for several platforms
public record Rule(
    String name,
    List<String> aliases,
    String doc,
    List<Attribute> attributes,
    List<RelativePath> reads,
    Split split,
    Implementation implementation) {
  /// Turns a target into actions and providers. Pure: the same attributes and dependencies give the
  /// same result.
  @FunctionalInterface
  public interface Implementation {
    /// @throws dev.athanor.engine.UserException when the target cannot mean anything
    Providers analyze(RuleContext context);
  }

  /// Says for which configurations a target is analysed before it is itself: none, or those of the
  /// platforms that it puts together.
  public interface Split {
    /// What nearly every rule does.
    Split NONE = _ -> List.of();

    /// @throws dev.athanor.engine.UserException when what the target says cannot be understood
    List<Configuration> of(RuleContext context);

    /// Whether a target that puts platforms together still needs what this attribute names, for
    /// what the build is for.
    default boolean keeps(Attribute attribute) {
      return false;
    }
  }

  /// The attributes that every rule has.
  public static final List<Attribute> COMMON =
      List.of(
          Attribute.string(
                  "name",
                  "The target's name within its package; without one, that of the directory.")
              .required(),
          Attribute.string("description", "Free text about the target.").orElse(""),
          Attribute.strings("tags", "Words to select targets by; not image tags."),
          Attribute.strings(
              "visibility",
              "Which packages may depend on the target: `//visibility:public`,"
                  + " `//visibility:private`, `//pkg:__pkg__` or `//pkg:__subpackages__`."));

  /// Whether an attribute of this name belongs to every rule.
  public static boolean isCommon(Attribute attribute) {
    return COMMON.stream().anyMatch(common -> common.name().equals(attribute.name()));
  }

  public Rule {
    aliases = List.copyOf(aliases);
    List<Attribute> all = new ArrayList<>(COMMON);
    for (Attribute attribute : attributes) {
      all.removeIf(common -> common.name().equals(attribute.name()));
      all.add(attribute);
    }
    attributes = List.copyOf(all);
  }

  public static Rule of(
      String name, String doc, List<Attribute> attributes, Implementation implementation) {
    return new Rule(name, List.of(), doc, attributes, List.of(), Split.NONE, implementation);
  }

  public Rule alias(String... others) {
    return new Rule(name, List.of(others), doc, attributes, reads, split, implementation);
  }

  /// The same for a rule that looks at text files of the workspace, see [RuleContext#text].
  public Rule reading(RelativePath... files) {
    return new Rule(name, aliases, doc, attributes, List.of(files), split, implementation);
  }

  /// The same, for targets that may be built for several platforms.
  ///
  /// @param together what becomes of a target that is, see [RuleContext#split]
  public Rule splitting(Split by, Implementation together) {
    Implementation alone = implementation;
    return new Rule(
        name,
        aliases,
        doc,
        attributes,
        reads,
        by,
        context -> (context.split().isEmpty() ? alone : together).analyze(context));
  }

  /// The attribute of that name or alias.
  public Optional<Attribute> attribute(String called) {
    return attributes.stream()
        .filter(a -> a.name().equals(called) || a.aliases().contains(called))
        .findFirst();
  }
}
