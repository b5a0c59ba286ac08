package dev.athanor.engine.action;

import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Every built-in that there is, by id.
@FunctionalInterface
public interface ActionTypes {
  /// @throws IllegalStateException when no type has that id
  ActionType type(String id);

  static ActionTypes of(Collection<? extends ActionType> types) {
    Map<String, ActionType> byId =
        types.stream().collect(Collectors.toMap(ActionType::id, Function.identity()));
    return id -> {
      ActionType type = byId.get(id);
      if (type == null) {
        throw new IllegalStateException("no action type is called " + id);
      }
      return type;
    };
  }
}
