package dev.athanor.engine.bzl;

import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.starlark.value.Value;
import java.util.List;

/// An attribute as a .bzl file declares it, before `rule` gives it a name.
///
/// @param attribute without name
/// @param singleFile whether `ctx.file` has it
/// @param executable whether `ctx.executable` has it
/// @param singleOutput whether `ctx.outputs` has one file and not a list
/// @param providers that every dependency must have
/// @param notEmpty whether an empty list or dict is an error
record AttrValue(
    Attribute attribute,
    boolean singleFile,
    boolean executable,
    boolean singleOutput,
    List<Object> providers,
    boolean notEmpty)
    implements Value {
  AttrValue {
    providers = List.copyOf(providers);
  }

  @Override
  public String type() {
    return "Attribute";
  }
}
