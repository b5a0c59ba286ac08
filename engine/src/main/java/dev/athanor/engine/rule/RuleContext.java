package dev.athanor.engine.rule;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.tree.RelativePath;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What a rule sees of its target, and where it leaves the actions it declares. Used by one thread.
public interface RuleContext {
  Label label();

  /// The values of the attributes, with every choice made.
  Attributes attributes();

  /// What the build is for.
  Configuration configuration();

  /// What a label attribute names, analysed.
  Optional<ConfiguredTarget> dependency(String attribute);

  /// What a label-list attribute names, analysed, in written order.
  List<ConfiguredTarget> dependencies(String attribute);

  /// What a label names that one of the attributes has, analysed.
  ConfiguredTarget analysed(Label label);

  /// What a file of the workspace says that the rule reads, see [Rule#reading]; nothing when there
  /// is no such file.
  default Optional<String> text(RelativePath file) {
    return Optional.empty();
  }

  /// Tells the user something. Does nothing where nobody listens.
  default void say(String message) {}

  /// A file that an action of the target makes.
  ///
  /// @param name below the package's folder
  default Artifact.Derived file(String name) {
    return output(name, Artifact.Derived.Kind.FILE);
  }

  /// A directory that an action of the target makes.
  default Artifact.Derived tree(String name) {
    return output(name, Artifact.Derived.Kind.TREE);
  }

  /// What an action of the target makes.
  default Artifact.Derived output(String name, Artifact.Derived.Kind kind) {
    return Artifact.Derived.of(label(), name, kind).on(configuration().imposed());
  }

  /// The target itself for each of the platforms that it is built for, where those are several, see
  /// [Rule.Split].
  default List<ConfiguredTarget> split() {
    return List.of();
  }

  /// Declares an action.
  void register(Action action);

  /// Every file of every dependency that the attribute names, in order, once each.
  default List<Artifact> files(String attribute) {
    return dependencies(attribute).stream()
        .flatMap(dependency -> dependency.providers().defaultInfo().files().stream())
        .distinct()
        .toList();
  }

  /// The provider that a dependency must have.
  ///
  /// @throws UserException when it has none
  default <T extends Provider> T require(
      ConfiguredTarget dependency, Class<T> type, String attribute, String expected) {
    return dependency
        .providers()
        .get(type)
        .orElseThrow(() ->
            error(
                attribute,
                dependency.label() + " (" + dependency.rule() + ") is not " + expected,
                ""));
  }

  /// The value of an integer attribute.
  ///
  /// @throws UserException when it is not between these bounds
  default int integer(String attribute, int least, int most) {
    long value = attributes().integer(attribute);
    if (value < least || value > most) {
      throw error(
          attribute, "is " + value + ", which is not between " + least + " and " + most, "");
    }
    return (int) value;
  }

  /// What a text means that an attribute has; an error in it is an error at the attribute.
  default <T> T parsed(String attribute, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (UserException e) {
      throw error(attribute, String.valueOf(e.getMessage()), e.hint().orElse(""));
    }
  }

  /// An error at one of the target's attributes.
  UserException error(String attribute, String message, String hint);
}
