package dev.athanor.engine.loading;

import dev.athanor.engine.UserException;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Attributes;
import dev.athanor.engine.rule.Configurable;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleSet;
import dev.athanor.engine.starlark.syntax.Spelling;
import dev.athanor.engine.starlark.value.Dict;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Ints;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Sequence;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.Tuple;
import dev.athanor.engine.tree.RelativePath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Checks the arguments of a rule against its attributes and turns them into plain Java values.
///
/// @param rules all that there are, to tell which one was meant
/// @param rule its name, for messages
/// @param pkg where relative labels start
record AttributeReader(RuleSet rules, String rule, List<Attribute> attributes, RelativePath pkg) {

  Attributes read(Map<String, Object> arguments) throws EvalError {
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, String> writtenAs = new LinkedHashMap<>();
    for (Map.Entry<String, Object> argument : arguments.entrySet()) {
      if (argument.getValue() == None.NONE) {
        continue;
      }
      Attribute attribute = find(argument.getKey());
      Object value =
          argument.getValue() instanceof Select select
              ? configurable(attribute, select)
              : convert(attribute, argument.getValue());
      Object other = values.putIfAbsent(attribute.name(), value);
      String otherName = writtenAs.put(attribute.name(), argument.getKey());
      if (other != null && !other.equals(value)) {
        throw new EvalError(
            rule
                + ": "
                + otherName
                + " and "
                + argument.getKey()
                + " are the same attribute, with different values");
      }
    }
    Set<String> given = new HashSet<>(values.keySet());
    for (Attribute attribute : attributes) {
      if (!values.containsKey(attribute.name())) {
        if (attribute.mandatory()) {
          throw new EvalError(rule + " needs the argument '" + attribute.name() + "'");
        }
        attribute.defaultValue().ifPresent(value -> values.put(attribute.name(), value));
      }
    }
    return new Attributes(values, given);
  }

  private Attribute find(String name) throws EvalError {
    Optional<Attribute> attribute =
        attributes.stream()
            .filter(a -> a.name().equals(name) || a.aliases().contains(name))
            .findFirst();
    if (attribute.isPresent()) {
      return attribute.get();
    }
    List<String> names = attributes.stream().map(Attribute::name).toList();
    List<String> meant = new ArrayList<>();
    Optional.ofNullable(Spelling.suggest(name, names))
        .ifPresent(near -> meant.add("'" + near + "'"));
    rules.variantOf(rule, name).ifPresent(meant::add);
    String hint = meant.isEmpty() ? "" : " (did you mean " + String.join(", or ", meant) + "?)";
    throw new EvalError(rule + " has no argument '" + name + "'" + hint);
  }

  private Configurable configurable(Attribute attribute, Select select) throws EvalError {
    if (attribute.type() == Attribute.Type.OUTPUTS || Rule.isCommon(attribute)) {
      throw wrong(attribute, "must not depend on the configuration: no select here");
    }
    if (select.parts().size() > 1 && !isJoinable(attribute.type())) {
      throw wrong(attribute, "takes one value, so selects cannot be added");
    }
    List<Configurable.Part> parts = new ArrayList<>();
    for (Select.Part part : select.parts()) {
      parts.add(
          switch (part) {
            case Select.Part.Plain(var value) ->
                new Configurable.Part.Plain(convert(attribute, value));
            case Select.Part.Choice choice -> choice(attribute, choice);
          });
    }
    return new Configurable(parts);
  }

  private Configurable.Part choice(Attribute attribute, Select.Part.Choice choice)
      throws EvalError {
    Map<Label, Object> branches = new LinkedHashMap<>();
    Optional<Object> otherwise = Optional.empty();
    for (Map.Entry<String, Object> branch : choice.branches().entrySet()) {
      Object value = convert(attribute, branch.getValue());
      if (branch.getKey().equals(Select.DEFAULT)) {
        otherwise = Optional.of(value);
      } else {
        branches.put(label(attribute, branch.getKey()), value);
      }
    }
    return new Configurable.Part.Choice(branches, otherwise, choice.noMatch());
  }

  private static boolean isJoinable(Attribute.Type type) {
    return switch (type) {
      case STRING, STRINGS, STRING_MAP, LABELS, INTS, STRING_LIST_MAP, LABEL_MAP -> true;
      case INT, BOOL, LABEL, OUTPUTS -> false;
    };
  }

  private Object convert(Attribute attribute, Object value) throws EvalError {
    Object plain = attribute.lenient() ? unwrap(attribute, value) : value;
    return switch (attribute.type()) {
      case STRING -> allowed(attribute, string(attribute, plain));
      case BOOL -> bool(attribute, plain);
      case INT -> integer(attribute, plain);
      case STRINGS -> strings(attribute, plain);
      case OUTPUTS -> outputs(attribute, strings(attribute, plain));
      case STRING_MAP -> stringMap(attribute, plain);
      case INTS -> {
        List<Long> numbers = new ArrayList<>();
        for (Object element : sequence(attribute, plain)) {
          numbers.add(integer(attribute, element));
        }
        yield List.copyOf(numbers);
      }
      case STRING_LIST_MAP -> {
        Map<String, List<String>> map = new LinkedHashMap<>();
        for (Map.Entry<Object, Object> entry : dict(attribute, plain).entrySet()) {
          map.put(string(attribute, entry.getKey()), strings(attribute, entry.getValue()));
        }
        yield map;
      }
      case LABEL_MAP -> {
        Map<Label, String> map = new LinkedHashMap<>();
        for (Map.Entry<Object, Object> entry : dict(attribute, plain).entrySet()) {
          map.put(
              label(attribute, string(attribute, entry.getKey())),
              string(attribute, entry.getValue()));
        }
        yield map;
      }
      case LABEL -> label(attribute, string(attribute, plain));
      case LABELS -> {
        List<Label> labels = new ArrayList<>();
        for (String text : strings(attribute, plain)) {
          labels.add(label(attribute, text));
        }
        yield List.copyOf(labels);
      }
    };
  }

  /// Where a scalar or a list will do: the one in the form of the other.
  private Object unwrap(Attribute attribute, Object value) throws EvalError {
    boolean wantsList =
        switch (attribute.type()) {
          case STRINGS, LABELS, OUTPUTS -> true;
          case STRING, INT, INTS, BOOL, STRING_MAP, STRING_LIST_MAP, LABEL, LABEL_MAP -> false;
        };
    if (wantsList) {
      return value instanceof String ? Tuple.of(value) : value;
    }
    if (value instanceof Sequence list) {
      if (list.size() != 1) {
        throw wrong(attribute, "takes one value, got a list of " + list.size());
      }
      return list.get(0);
    }
    return value;
  }

  private String string(Attribute attribute, Object value) throws EvalError {
    if (value instanceof String text) {
      return text;
    }
    throw wrongType(attribute, value);
  }

  private String allowed(Attribute attribute, String value) throws EvalError {
    if (!attribute.values().isEmpty() && !attribute.values().contains(value)) {
      throw wrong(
          attribute,
          "must be one of "
              + String.join(", ", attribute.values())
              + ", not '"
              + value
              + "'"
              + Spelling.hint(value, attribute.values()));
    }
    return value;
  }

  private Boolean bool(Attribute attribute, Object value) throws EvalError {
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw wrongType(attribute, value);
  }

  private Long integer(Attribute attribute, Object value) throws EvalError {
    Integer number = Ints.toInt(value);
    if (number == null) {
      throw wrongType(attribute, value);
    }
    return number.longValue();
  }

  private List<String> strings(Attribute attribute, Object value) throws EvalError {
    List<String> strings = new ArrayList<>();
    for (Object element : sequence(attribute, value)) {
      if (!(element instanceof String text)) {
        throw wrong(
            attribute, "must hold only strings, not a value of type " + Starlark.type(element));
      }
      strings.add(text);
    }
    return List.copyOf(strings);
  }

  private List<String> outputs(Attribute attribute, List<String> names) throws EvalError {
    for (String name : names) {
      try {
        if (RelativePath.of(name).isRoot()) {
          throw wrong(attribute, "names files below the package, not the package");
        }
      } catch (UserException e) {
        throw wrong(attribute, "names files below the package: " + e.getMessage());
      }
    }
    return names;
  }

  private Map<String, String> stringMap(Attribute attribute, Object value) throws EvalError {
    Map<String, String> map = new LinkedHashMap<>();
    for (Map.Entry<Object, Object> entry : dict(attribute, value).entrySet()) {
      if (!(entry.getKey() instanceof String key) || !(entry.getValue() instanceof String text)) {
        throw wrong(attribute, "must map strings to strings");
      }
      map.put(key, text);
    }
    return map;
  }

  private Sequence sequence(Attribute attribute, Object value) throws EvalError {
    if (value instanceof Sequence list) {
      return list;
    }
    throw wrongType(attribute, value);
  }

  private Map<Object, Object> dict(Attribute attribute, Object value) throws EvalError {
    if (value instanceof Dict dict) {
      return dict.toMap();
    }
    throw wrongType(attribute, value);
  }

  private Label label(Attribute attribute, String text) throws EvalError {
    try {
      return Label.parse(attribute.words().getOrDefault(text, text), pkg);
    } catch (UserException e) {
      throw wrong(attribute, e.getMessage() + e.hint().map(hint -> " (" + hint + ")").orElse(""));
    }
  }

  private EvalError wrongType(Attribute attribute, Object value) {
    return wrong(attribute, "must be a " + attribute.type() + ", not a " + Starlark.type(value));
  }

  private EvalError wrong(Attribute attribute, String problem) {
    return new EvalError(rule + ": the argument '" + attribute.name() + "' " + problem);
  }
}
