package dev.athanor.cli;

import dev.athanor.actions.GenericRules;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.oci.action.OciActions;
import java.util.ArrayList;
import java.util.List;

/// Every type of built-in action that this program has.
final class BuiltinTypes {
  private BuiltinTypes() {}

  static ActionTypes of(OciActions oci) {
    List<ActionType> all = new ArrayList<>(GenericRules.types());
    all.addAll(oci.types());
    return ActionTypes.of(all);
  }
}
